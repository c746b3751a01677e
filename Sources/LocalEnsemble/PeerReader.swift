import Bytes
import EventLoop
import StateMachines
import TransactionLog
import WireProtocol

/// One message between two servers, as a diagram shows it.
struct PeerMessage: Hashable {
    var identity: String
    /// The word of diagrams and faults: "VOTE", "PROPOSAL".
    var label: String
    /// What it is about in a word, for the diagram's arrow: whom a vote is for, which transaction.
    var subject: String?
    var detail: String
    /// "VOTE 2", "COMMIT 1:4".
    var title: String { subject.map { "\(label) \($0)" } ?? label }
}

/// Understands one direction of a connection between servers. What it cannot understand passes unseen.
struct PeerReader {
    private enum State {
        case greeting(ElectionPortReader)
        case votes(ElectionPortReader)
        case packets(QuorumPacketReader)
        case tree(SnapshotStreamReader, QuorumPacketReader)
        case nothing
    }

    private var state: State
    /// A server that is dialled hears, else a learner hears.
    private let isDialler: Bool

    init(_ port: PeerNetwork.Port, isDialler: Bool) {
        self.isDialler = isDialler
        switch port {
        case .election: state = isDialler ? .greeting(ElectionPortReader()) : .votes(ElectionPortReader())
        case .quorum: state = .packets(QuorumPacketReader())
        }
    }

    /// The messages that these bytes complete.
    mutating func read(_ bytes: UnsafeRawBufferPointer, name: () -> String) -> [PeerMessage] {
        var found: [PeerMessage] = []
        do {
            switch state {
            case .greeting(var reader):
                reader.append(bytes.bytes)
                if try reader.nextHello() != nil {
                    state = .votes(reader)
                    try readVotes(&found, name)
                } else {
                    state = .greeting(reader)
                }
            case .votes(var reader):
                reader.append(bytes.bytes)
                state = .votes(reader)
                try readVotes(&found, name)
            case .packets(var reader):
                reader.append(bytes.bytes)
                state = .packets(reader)
                try readPackets(&found, name)
            case .tree(var tree, let reader):
                let isOver = try tree.append(bytes.bytes)
                state = .tree(tree, reader)
                if isOver { try endTree(&found, name) }
            case .nothing: break
            }
        } catch {
            state = .nothing
        }
        return found
    }

    // MARK: Votes

    private mutating func readVotes(_ found: inout [PeerMessage], _ name: () -> String) throws {
        guard case .votes(var reader) = state else { return }
        while let bytes = try reader.nextMessage() {
            var fields = ByteReader(bytes.span.bytes)
            guard let vote = try? ElectionNotification(from: &fields) else { continue }
            found.append(PeerMessage(identity: name(), label: "VOTE", subject: vote.subject, detail: vote.detail))
        }
        state = .votes(reader)
    }

    // MARK: Packets

    private mutating func readPackets(_ found: inout [PeerMessage], _ name: () -> String) throws {
        guard case .packets(var reader) = state else { return }
        while let packet = try reader.next() {
            let label = packet.type?.name ?? "\(packet.typeNumber)"
            found.append(PeerMessage(identity: name(), label: label, subject: packet.subject, detail: packet.detail))
            guard packet.type == .snapshot else { continue }
            var tree = SnapshotStreamReader(source: "network", zxid: packet.zxid)
            let isOver = try tree.append(reader.takePending())
            state = .tree(tree, reader)
            return isOver ? try endTree(&found, name) : ()
        }
        state = .packets(reader)
    }

    private mutating func endTree(_ found: inout [PeerMessage], _ name: () -> String) throws {
        guard case .tree(var tree, var reader) = state else { return }
        reader.append(try tree.finish().rest)
        state = .packets(reader)
        try readPackets(&found, name)
    }
}

extension ElectionNotification {
    /// "r1 3 (0, 0:0)": in round 1, for server 3, whose history is of epoch 0 and ends with 0:0; "r1 follows 3".
    var subject: String? {
        let round = "r\(electionEpoch)"
        guard leader != Self.observersValue else { return round + " asks" }
        switch state {
        case .looking: return "\(round) \(leader) (\(effectivePeerEpoch), \(zxid.pair))"
        case .following, .observing: return "\(round) follows \(leader)"
        case .leading: return round + " leads"
        }
    }

    /// "looking, round 1, for 3 (epoch 0, 0:0)".
    var detail: String {
        let begin = "\(state), round \(electionEpoch)"
        guard leader != Self.observersValue else { return begin }
        return "\(begin), for \(leader) (epoch \(effectivePeerEpoch), \(zxid.pair))"
    }
}

extension QuorumPacket {
    var subject: String? {
        switch type {
        case .proposal, .inform: Self.headline(detail)
        case .commitAndActivate, .informAndActivate: zxid.pair
        default: detail.isEmpty ? nil : detail
        }
    }

    /// "1:2 create /a" of what a proposal tells in full.
    private static func headline(_ detail: String) -> String {
        let words = detail.split(separator: " ")
        return words.prefix(words.count > 2 && words[2].hasPrefix("/") ? 3 : 2).joined(separator: " ")
    }

    /// What a diagram tells of it beside its name.
    var detail: String {
        switch type {
        case .proposal, .inform:
            let bytes = data ?? []
            var fields = ByteReader(bytes.span.bytes)
            guard let entry = try? LoggedTransaction(from: &fields) else { return zxid.pair }
            return "\(zxid.pair) \(entry.body.text(showsData: true))"
        case .request:
            guard let request: ForwardedRequest = try? record() else { return "" }
            return OperationCode(rawValue: request.type)?.name
                ?? (request.type == -10 ? "createSession" : "\(request.type)")
        case .newLeader, .leaderInfo: return "epoch \(zxid.epoch)"
        case .followerInfo, .observerInfo: return "accepted epoch \(zxid.epoch)"
        case .acknowledgeEpoch:
            let current = (try? record(EpochAcknowledgement.self))?.currentEpoch
            return "log \(zxid.pair), " + (current.map { "current epoch \($0)" } ?? "epoch known")
        case .diff, .snapshot: return "through \(zxid.pair)"
        case .truncate: return "to \(zxid.pair)"
        case .acknowledge, .commit, .commitAndActivate, .informAndActivate, .ping: return zxid.pair
        case .revalidate, .sync, .upToDate, nil: return ""
        }
    }
}

extension Zxid {
    /// Epoch and number: "2:17".
    var pair: String { "\(epoch):\(counter)" }
}
