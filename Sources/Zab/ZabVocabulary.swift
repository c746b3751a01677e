package import StateMachines

/// What the nodes of a simulated ensemble send each other.
package enum ZabMessage: Hashable, Sendable, CanonicalEncodable {
    /// What travels on a stream between a leader and a learner.
    package enum Content: Hashable, Sendable, CanonicalEncodable {
        case packet(Packet)
        /// SNAP and the state behind it.
        case snapshot(Zxid, [LogEntry])
        /// A write that a client asked the learner for.
        case request([UInt8])

        package func encode(into encoder: inout CanonicalEncoder) {
            switch self {
            case .packet(let packet):
                encoder.encode(tag: 0)
                encoder.encode(packet)
            case .snapshot(let zxid, let state):
                encoder.encode(tag: 1)
                encoder.encode(zxid)
                encoder.encode(state)
            case .request(let payload):
                encoder.encode(tag: 2)
                encoder.encode(bytes: payload[...])
            }
        }
    }

    case notification(Notification)
    case open(UInt64)
    case accept(UInt64)
    case close(UInt64)
    /// The number of the stream, the position in it, the content.
    case stream(UInt64, UInt32, Content)

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .notification(let notification):
            encoder.encode(tag: 0)
            encoder.encode(notification)
        case .open(let number):
            encoder.encode(tag: 1)
            encoder.encode(number)
        case .accept(let number):
            encoder.encode(tag: 2)
            encoder.encode(number)
        case .close(let number):
            encoder.encode(tag: 3)
            encoder.encode(number)
        case .stream(let number, let count, let content):
            encoder.encode(tag: 4)
            encoder.encode(number)
            encoder.encode(count)
            encoder.encode(content)
        }
    }
}

extension ZabMessage: Labelled {
    package var label: String {
        switch self {
        case .notification: "VOTE"
        case .open: "CONNECT"
        case .accept: "ACCEPT"
        case .close: "CLOSE"
        case .stream(_, _, .packet(let packet)): packet.label
        case .stream(_, _, .snapshot): "SNAP"
        case .stream(_, _, .request): "REQUEST"
        }
    }

    package var detail: String {
        switch self {
        case .notification(let notification): notification.detail
        case .open, .accept, .close: ""
        case .stream(_, _, .packet(let packet)): packet.detail
        case .stream(_, _, .snapshot(let zxid, _)): "through \(zxid.shortDescription)"
        case .stream(_, _, .request(let payload)): String(decoding: payload, as: UTF8.self)
        }
    }
}

extension Notification {
    /// "r1 3 (0, 0:0)": in round 1, for server 3, whose history is of epoch 0 and ends with 0:0; "r1 follows 3".
    package var detail: String {
        guard let vote else { return "r\(round) asks" }
        switch state {
        case .looking: return "r\(round) \(vote.leader) (\(vote.epoch), \(vote.zxid.shortDescription))"
        case .following, .observing: return "r\(round) follows \(vote.leader)"
        case .leading: return "r\(round) leads"
        }
    }
}

extension Packet: Labelled {
    package var label: String {
        switch self {
        case .followerInfo(.participant, _): "FOLLOWERINFO"
        case .followerInfo(.observer, _): "OBSERVERINFO"
        case .leaderInfo: "LEADERINFO"
        case .acknowledgeEpoch: "ACKEPOCH"
        case .diff: "DIFF"
        case .truncate: "TRUNC"
        case .snapshot: "SNAP"
        case .newLeader: "NEWLEADER"
        case .upToDate: "UPTODATE"
        case .proposal: "PROPOSAL"
        case .acknowledge: "ACK"
        case .commit: "COMMIT"
        case .inform: "INFORM"
        case .commitAndActivate: "COMMITANDACTIVATE"
        case .informAndActivate: "INFORMANDACTIVATE"
        case .ping: "PING"
        }
    }

    package var detail: String {
        switch self {
        case .followerInfo(_, let accepted): "accepted epoch \(accepted)"
        case .leaderInfo(let epoch), .newLeader(let epoch, nil): "epoch \(epoch)"
        case .newLeader(let epoch, let ensemble?): "epoch \(epoch), \(ensemble.shortDescription)"
        case .acknowledgeEpoch(let last, let current):
            "log \(last?.shortDescription ?? "to be copied"), "
                + (current.map { "current epoch \($0)" } ?? "epoch known")
        case .diff(let zxid), .snapshot(let zxid): "through \(zxid.shortDescription)"
        case .truncate(let zxid): "to \(zxid.shortDescription)"
        case .upToDate: ""
        case .proposal(let entry), .inform(let entry):
            "\(entry.zxid.shortDescription) \(String(decoding: entry.payload, as: UTF8.self))"
        case .acknowledge(let zxid), .commit(let zxid), .ping(let zxid): zxid.shortDescription
        case .commitAndActivate(let zxid, let leader): "\(zxid.shortDescription), leader \(leader)"
        case .informAndActivate(let entry, let leader):
            "\(entry.zxid.shortDescription) \(String(decoding: entry.payload, as: UTF8.self)), leader \(leader)"
        }
    }
}

extension Ensemble {
    /// "1,2,3o (version 1:4)": observers have an o.
    package var shortDescription: String {
        let servers = members.map { "\($0.id)" + ($0.role == .observer ? "o" : "") }
        return "\(servers.joined(separator: ",")) (version \(version.shortDescription))"
    }
}

extension Offence: Labelled {
    package var label: String {
        switch self {
        case .illegalMessage: "untimely message"
        case .inconsistentProposal: "untimely proposal"
        case .inconsistentCommit: "untimely commit"
        case .inconsistentAcknowledgement: "untimely acknowledgement"
        }
    }
}

extension PeerTimer: Labelled {
    package var label: String {
        switch self {
        case .resendVotes: "resend votes"
        case .finalizeElection: "finalize election"
        case .heartbeat: "heartbeat"
        case .reconnect: "reconnect"
        case .connectionDeadline: "connection deadline"
        }
    }
}

/// What a node of a simulated ensemble writes to its disk.
package enum ZabRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    case entry(LogEntry)
    case epoch(StoredEpoch)
    case truncated(Zxid)
    /// Replaces everything before it.
    case snapshot([LogEntry])
    /// The one in force.
    case ensemble(Ensemble)

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .entry(let entry):
            encoder.encode(tag: 0)
            encoder.encode(entry)
        case .epoch(let epoch):
            encoder.encode(tag: 1)
            encoder.encode(epoch)
        case .truncated(let zxid):
            encoder.encode(tag: 2)
            encoder.encode(zxid)
        case .snapshot(let entries):
            encoder.encode(tag: 3)
            encoder.encode(entries)
        case .ensemble(let ensemble):
            encoder.encode(tag: 4)
            encoder.encode(ensemble)
        }
    }

    package var label: String {
        switch self {
        case .entry: "log"
        case .epoch(.accepted): "acceptedEpoch"
        case .epoch(.current): "currentEpoch"
        case .truncated: "truncate"
        case .snapshot: "snapshot"
        case .ensemble: "ensemble"
        }
    }

    package var detail: String {
        switch self {
        case .entry(let entry): entry.zxid.shortDescription
        case .epoch(.accepted(let epoch)), .epoch(.current(let epoch)): "\(epoch)"
        case .truncated(let zxid): zxid.shortDescription
        case .snapshot(let entries): entries.last?.zxid.shortDescription ?? "empty"
        case .ensemble(let ensemble): ensemble.shortDescription
        }
    }
}

/// What a client asks of a node of a simulated ensemble.
package enum ZabCommand: Hashable, Sendable, CanonicalEncodable, Labelled {
    case write(String)
    /// The new members, as in "1,2,4o": observers have an o; and what tells it from other reconfigurations.
    case reconfigure(members: String, String)
    /// What the node itself has, without asking anybody.
    case read

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(label)
        encoder.encode(detail)
    }

    package var label: String {
        switch self {
        case .write: "WRITE"
        case .reconfigure: "RECONFIGURE"
        case .read: "READ"
        }
    }

    /// What becomes the transaction.
    package var detail: String {
        switch self {
        case .write(let text): text
        case .reconfigure(let members, let name): "\(name)=\(members)"
        case .read: ""
        }
    }

    /// The members of a reconfiguration; `nil` for everything else.
    static func members(_ text: String) -> [Ensemble.Member]? {
        let parts = text.split(separator: "=")
        guard parts.count == 2 else { return nil }
        var members: [Ensemble.Member] = []
        for part in parts[1].split(separator: ",") {
            let isObserver = part.hasSuffix("o")
            guard let number = Int64(isObserver ? part.dropLast() : part) else { return nil }
            members.append(Ensemble.Member(ServerID(number), role: isObserver ? .observer : .participant))
        }
        return members
    }
}

extension Zxid {
    /// "2:5": epoch and counter, as the course writes them.
    package var shortDescription: String { "\(epoch):\(counter)" }
}
