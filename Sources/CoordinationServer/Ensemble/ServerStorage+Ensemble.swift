import CoordinationCore
import EventLoop
import Messages
import StateMachines
import TransactionLog
import Zab
import ZNodes

extension ServerStorage {
    var epochFiles: EpochFiles { EpochFiles(folder: folders.snapshots, calls: options.calls) }

    /// Cuts everything after `zxid` off the disk, and reads what is left.
    func truncate(to zxid: Zxid, then done: @escaping (Result<RecoveredState, ServerFailure>) -> Void) {
        let (folders, options) = (folders, options)
        retreat { [self] in
            loop.perform {
                Self.result {
                    try LogCut.run(folders, after: zxid, options.calls)
                    let state = try Recovery(folders, options, clock: { .zero }).state
                    guard state.tree.lastZxid == zxid else {
                        throw ServerFailure(
                            message: EnsembleMessages.cannotTruncate(
                                folders.logs, to: zxid.description, last: state.tree.lastZxid.description))
                    }
                    return state
                }
            } then: { [self] result in
                advance(to: zxid)
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
