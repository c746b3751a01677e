import Bytes
import CoordinationCore
import CoordinationServer
import EventLoop
import FaultProxy
import StateMachines
import WireProtocol
import ZNodes

/// The coordination server of a scenario and the fault proxy before it, as witnesses. Confined to its loop.
final class ServerSide {
    private let core: StageCore
    private let server: CoordinationServer
    private let proxy: FaultProxy
    /// Which program opened which session.
    private var owners: [SessionID: String] = [:]
    /// The connection fault each program is waiting for.
    private var armed: [String: JudgeFault] = [:]

    /// Where the server itself listens.
    var port: UInt16 { server.port }

    init(_ plan: StagePlan, of core: StageCore) throws {
        self.core = core
        let observer = Observer()
        server = try CoordinationServer(Self.options(plan), on: core.loop) { observation, _ in
            observer.side?.saw(observation)
        }
        proxy = FaultProxy(host: "127.0.0.1", port: server.port, serverName: "zookeeper", on: core.loop)
        observer.side = self
        proxy.onRecord = { [weak self] record in self?.saw(record) }
    }

    /// The server speaks before there is anybody to listen.
    private final class Observer {
        weak var side: ServerSide?
    }

    private static func options(_ plan: StagePlan) -> ServerOptions {
        let timeout = Int32(plan.sessionTimeout.microseconds / 1_000)
        var options = ServerOptions()
        options.port = 0
        options.dataFolder = plan.dataFolder
        options.core.tickTime = .milliseconds(100)
        // Whatever a client asks for, it is granted the scenario's timeout.
        options.core.minSessionTimeoutMilliseconds = timeout
        options.core.maxSessionTimeoutMilliseconds = timeout
        return options
    }

    /// Opens a port for a program: "127.0.0.1:34127".
    func address(for program: String) throws -> String { "127.0.0.1:\(try proxy.addClient(program))" }

    /// Serves a program at the next socket of `channel`, which its sandbox opened.
    func serve(_ program: String, from channel: SocketChannel) throws {
        try proxy.addClient(program, from: channel)
    }

    func inflict(_ fault: JudgeFault, on program: String) {
        switch fault {
        case .loseReply(let operation): proxy.add(.loseReply(of: program, to: operation))
        case .loseRequest(let operation): proxy.add(.loseRequest(of: program, to: operation))
        case .isolate: proxy.block(program)
        case .heal: proxy.heal(program)
        case .kill, .pause, .resume: preconditionFailure("\(fault) is no fault of a connection.")
        }
        if fault.awaitsMessage { armed[program] = fault }
    }

    /// Closes everything, then calls `done`.
    func close(then done: @escaping () -> Void) {
        proxy.close()
        server.stop(then: done)
    }

    // MARK: The server's record

    private func saw(_ observation: Observation) {
        switch observation {
        case .sessionExpired(let session, _): core.note(.sessionExpired(session.rawValue), of: owners[session])
        case .sessionClosed(let session, _): core.note(.sessionClosed(session.rawValue), of: owners[session])
        case .applied(let header, let body): applied(body, header)
        case .connectionOpened, .connectionClosed, .sessionOpened, .sessionResumed, .request, .reply, .watchSet,
            .watchFired, .anticipated, .writing, .written:
            break  // The proxy tells of these by the program's name.
        }
    }

    private func applied(_ body: TransactionBody, _ header: TransactionHeader) {
        let program = owners[header.session]
        switch body {
        case .create(let creation), .createWithStat(let creation):
            let owner = creation.isEphemeral ? header.session.rawValue : 0
            core.note(
                .created(path: creation.path.description, zxid: header.zxid.wireValue, owner: owner), of: program)
        case .delete(let path), .deleteContainer(let path): core.note(.deleted(path: path.description), of: program)
        case .setData(let path, _, _), .reconfigure(let path, _, _):
            core.note(.changed(path: path.description), of: program)
        case .multi(let parts): for part in parts { applied(part, header) }
        case .createSession, .closeSession, .setACL, .check, .error: break
        }
    }

    // MARK: The proxy's record

    private func saw(_ record: ProxyRecord) {
        guard let program = record.client else { return }
        switch record.fact {
        case .sent(let message):
            learn(message, program)
            core.note(.sent(ProxyTalk(message)), of: program)
        case .delivered(let message): core.note(.delivered(ProxyTalk(message)), of: program)
        case .lost(let message): core.note(.lost(ProxyTalk(message)), of: program)
        case .struck: noteStrike(of: program)
        case .disconnected: core.note(.connectionLost, of: program)
        case .connected, .refused, .serverUnreachable, .began, .blocked, .healed: break
        }
    }

    /// The server's welcome tells whose session it is, before any transaction of it.
    private func learn(_ message: ProxiedMessage, _ program: String) {
        guard case .welcome(let session, let timeout) = message.content, timeout > .zero, owners[session] == nil else {
            return
        }
        owners[session] = program
        core.note(.sessionOpened(session.rawValue), of: program)
    }

    /// The only rules are those that were armed here, one a program.
    private func noteStrike(of program: String) {
        if let fault = armed.removeValue(forKey: program) { core.note(.fault(fault), of: program) }
    }
}

extension ProxyTalk {
    fileprivate init(_ message: ProxiedMessage) {
        let kind: Kind =
            switch message.content {
            case .handshake, .welcome: .connect
            case .request(let request): request.operation == .ping ? .ping : .request
            case .reply(let reply): reply.request.operation == .ping ? .ping : .reply
            case .event: .event
            case .other: .other
            }
        self.init(
            id: message.id, kind: kind, toServer: message.direction == .toServer, label: message.label,
            detail: message.detail)
    }
}
