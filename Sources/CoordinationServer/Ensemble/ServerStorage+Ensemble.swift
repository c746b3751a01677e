import CoordinationCore
import EventLoop
import Messages
import StateMachines
import TransactionLog
import Zab
import ZNodes

extension ServerStorage {
    var epochFiles: EpochFiles { EpochFiles(folder: folders.snapshots, calls: options.calls) }

    /// Reads the state as of `zxid`, and cuts everything after it off the disk.
    ///
    /// `done` gets `nil`, and the disk stays as it is, where the disk does not lead to that state: what a leader had sent as a tree can
    /// be younger.
    func truncate(to zxid: Zxid, then done: @escaping (Result<RecoveredState?, ServerFailure>) -> Void) {
        let (folders, options) = (folders, options)
        retreat { [self] in
            loop.perform {
                Self.result { () throws -> RecoveredState? in
                    guard let state = Recovery.state(folders, options, at: zxid) else { return nil }
                    try LogCut.run(folders, after: zxid, options.calls)
                    return state
                }
            } then: { [self] result in
                if case .success(.none) = result {
                    onNotice?(EnsembleMessages.cannotTruncate(folders.logs, to: zxid.description))
                    advance()
                } else {
                    advance(to: zxid)
                }
                done(result)
            }
        }
    }

    /// Makes the disk say what a leader has sent: the tree, which `load` puts in the place of the old one, is written, and then
    /// nothing after `zxid` is left of what was there. A crash in between leaves what was there.
    func replace(
        through zxid: Zxid, load: @escaping () -> Void, then done: @escaping (Result<Void, ServerFailure>) -> Void
    ) {
        let (folders, options) = (folders, options)
        retreat { [self] in
            load()
            advance(to: zxid)
            takeSnapshot { [self] result in
                if case .failure(let failure) = result { return done(.failure(failure)) }
                loop.perform {
                    Self.result { try LogCut.run(folders, after: zxid, options.calls) }
                } then: {
                    done($0)
                }
            }
        }
    }

    /// What a learner lacks, from the logs; `nil` where the state itself is the shorter way.
    func read(after: Zxid, through: Zxid, sizePerThousand: Int, then done: @escaping ([LogEntry]?) -> Void) {
        let folders = folders
        loop.perform {
            let newest = try? folders.snapshotFiles().prefix(1)
            let limit = folders.byteCount(of: newest ?? []) / 1_000 * sizePerThousand
            return (try? LogExcerpt.read(folders, after: after, through: through, byteLimit: limit)) ?? nil
        } then: {
            done($0)
        }
    }

    private static func result<Value: Sendable>(_ body: () throws -> Value) -> Result<Value, ServerFailure> {
        do {
            return .success(try body())
        } catch let failure as any LocalizedFailure {
            return .failure(ServerFailure(message: failure.message))
        } catch {
            return .failure(ServerFailure(message: LocalizedText("\(error)", zh: "\(error)")))
        }
    }
}
