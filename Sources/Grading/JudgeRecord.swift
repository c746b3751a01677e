package import EventLoop
package import StateMachines

/// Everything that happened in one scenario, in the one order in which the judge's event loop saw it.
///
/// Server, fault proxy, resource and process control live on one loop, so the order is total and needs no clock.
package struct JudgeRecord: Hashable, Sendable {
    package private(set) var entries: [Entry] = []
    /// Names of the programs, in the order they were started.
    package var programs: [String]
    /// The session timeout that the server granted.
    package var sessionTimeout: Tick
    /// The parent of every node of the exercise.
    package var path: String
    package var kind: ExerciseKind

    package struct Entry: Hashable, Sendable {
        /// Position in the record, from 1.
        package var order: Int
        /// Time since the scenario began.
        package var time: Tick
        /// Whom it concerns; `nil` for what belongs to nobody, such as the judge's own session.
        package var program: String?
        package var fact: Fact
    }

    package init(programs: [String], sessionTimeout: Tick, path: String, kind: ExerciseKind) {
        self.programs = programs
        self.sessionTimeout = sessionTimeout
        self.path = path
        self.kind = kind
    }

    package mutating func append(_ fact: Fact, of program: String?, at time: Tick) {
        entries.append(Entry(order: entries.count + 1, time: time, program: program, fact: fact))
    }

    package var end: Tick { entries.last?.time ?? .zero }
}

/// One thing a witness saw.
package enum Fact: Hashable, Sendable {
    // The judge's own doings and the control channel.
    case ready
    case commanded(ControlCommand)
    case replied(ControlReply)
    case ended(status: ProcessExit)
    case fault(JudgeFault)
    // The resource.
    case resource(ResourceExchange)
    case resourceDisconnected
    // The server's transactions. The end of a session deletes its ephemeral nodes without a word of its own.
    case sessionOpened(Int64)
    case sessionExpired(Int64)
    case sessionClosed(Int64)
    /// `owner` is the session of an ephemeral node, 0 for a persistent one.
    case created(path: String, zxid: Int64, owner: Int64)
    case deleted(path: String)
    case changed(path: String)
    // The fault proxy, which reads both directions.
    case sent(ProxyTalk)
    case delivered(ProxyTalk)
    case lost(ProxyTalk)
    case connectionLost
}

/// One message between a program and the server, as the proxy read it.
package struct ProxyTalk: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case connect, ping, request, reply, event, other }
    /// The same when it is sent and when it arrives or is lost.
    package var id: String
    package var kind: Kind
    package var toServer: Bool
    /// "create", "exists", "NodeDeleted".
    package var label: String
    /// The path of a request or an event, the outcome of a reply.
    package var detail: String

    package init(id: String, kind: Kind, toServer: Bool, label: String, detail: String) {
        self.id = id
        self.kind = kind
        self.toServer = toServer
        self.label = label
        self.detail = detail
    }
}

/// What the judge did to a program, named by the course's fault words.
package enum JudgeFault: Hashable, Sendable {
    /// `crash`: SIGKILL.
    case kill
    /// `pause`: SIGSTOP.
    case pause
    /// `resume`: SIGCONT.
    case resume
    /// `isolate`: nothing passes between the program and the server, and no connection breaks.
    case isolate
    /// `heal`.
    case heal
    /// `lose-reply`: the reply to the next successful operation of this name is lost, and the connection with it.
    case loseReply(operation: String)
    /// `drop`: the next request of this name is lost, and the connection with it.
    case loseRequest(operation: String)

    /// Whether it happens to a message, whenever that comes.
    var awaitsMessage: Bool {
        switch self {
        case .loseReply, .loseRequest: true
        case .kill, .pause, .resume, .isolate, .heal: false
        }
    }
}

// Views of the record that the rules share.
extension JudgeRecord {
    /// One accepted stay inside the resource.
    package struct Stay: Hashable, Sendable {
        package var program: String
        package var token: Int64
        /// The entry in which the resource accepted the entrance.
        package var entrance: Entry
        /// The entry that ended it (exit, disconnection, or the program's next entrance); `nil` while it lasts.
        package var end: Entry?
    }

    /// Every stay the resource accepted, in the order of entrances.
    package var stays: [Stay] {
        var stays: [Stay] = []
        func close(_ program: String?, at entry: Entry) {
            guard let index = stays.lastIndex(where: { $0.program == program && $0.end == nil }) else { return }
            stays[index].end = entry
        }
        for entry in entries {
            switch entry.fact {
            case .resource(let exchange):
                guard exchange.answer == .ok, let request = exchange.request, let program = entry.program else {
                    continue
                }
                switch request.verb {
                case .enter:
                    close(program, at: entry)
                    stays.append(Stay(program: program, token: request.token, entrance: entry))
                case .leave: close(program, at: entry)
                case .work: break
                }
            case .resourceDisconnected: close(entry.program, at: entry)
            default: continue
            }
        }
        return stays
    }

    /// The first entry after `order` that `matches`.
    package func first(after order: Int = 0, where matches: (Entry) -> Bool) -> Entry? {
        entries.dropFirst(order).first(where: matches)
    }

    /// The first stay that began after the entry `order`, of `program` or of anybody.
    package func entrance(of program: String? = nil, after order: Int) -> Stay? {
        stays.first { $0.entrance.order > order && (program == nil || $0.program == program) }
    }

    package func fault(_ fault: JudgeFault, of program: String? = nil, after order: Int = 0) -> Entry? {
        first(after: order) { $0.fact == .fault(fault) && (program == nil || $0.program == program) }
    }

    package func command(_ action: ControlCommand.Action, to program: String, after order: Int = 0) -> Entry? {
        first(after: order) { entry in
            guard entry.program == program, case .commanded(let command) = entry.fact else { return false }
            return command.action == action
        }
    }

    package func reply(of program: String, after order: Int) -> Entry? {
        first(after: order) { entry in
            guard entry.program == program, case .replied = entry.fact else { return false }
            return true
        }
    }

    /// The sessions of `program` that were alive right after the entry `order`.
    package func liveSessions(of program: String, at order: Int) -> Set<Int64> {
        var live: Set<Int64> = []
        for entry in entries.prefix(order) {
            switch entry.fact {
            case .sessionOpened(let session) where entry.program == program: live.insert(session)
            case .sessionExpired(let session), .sessionClosed(let session): live.remove(session)
            default: continue
            }
        }
        return live
    }

    /// The nodes below the exercise's path that were there right after the entry `order`, oldest first.
    package func nodes(at order: Int) -> [Node] {
        var nodes: [Node] = []
        for entry in entries.prefix(order) {
            switch entry.fact {
            case .created(let path, let zxid, let owner) where isBelow(path):
                nodes.append(Node(path: path, zxid: zxid, owner: owner, program: entry.program))
            case .deleted(let path): nodes.removeAll { $0.path == path }
            case .sessionExpired(let session), .sessionClosed(let session): nodes.removeAll { $0.owner == session }
            default: continue
            }
        }
        return nodes
    }

    /// A node of the exercise, as the server's record tells it.
    package struct Node: Hashable, Sendable {
        package var path: String
        package var zxid: Int64
        package var owner: Int64
        /// Whose session created it.
        package var program: String?
    }

    private func isBelow(_ other: String) -> Bool { other.hasPrefix(path + "/") }
}
