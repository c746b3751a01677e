import EventLoop
import Faults
import Foundation
import Messages
import StateMachines
import Traces

/// Runs the servers of an ensemble as its children, is the network between them, and does what it is asked through the
/// ensemble's folder. When its process ends, however it ends, the servers end too.
package final class EnsembleSupervisor {
    /// How a server is started: the program, and what comes before the configuration's path.
    package struct Program: Sendable {
        package var path: String
        package var words: [String]

        package init(path: String, words: [String]) {
            self.path = path
            self.words = words
        }
    }

    /// How long servers may take to end when they are asked to, before they are killed.
    private static let patience = Tick.seconds(5)

    let folder: EnsembleFolder
    private(set) var plan: EnsemblePlan
    let loop: EventLoop
    let network: PeerNetwork
    /// Where clients connect to each server; empty without a network.
    private(set) var fronts: [ClientFront] = []
    let recorder: EnsembleRecorder?
    private(set) var children: [ServerChild] = []
    let origin: Tick
    /// The faults of the network that last.
    var lasting: [LastingFault] = []
    var triggers: [ArmedTrigger] = []
    private let program: Program
    private let hasNetwork: Bool
    private var ports: [PeerNetwork.Way: UInt16] = [:]
    private var isStopping = false
    private var onStopped: [() -> Void] = []

    /// A fault until it is mended, or has struck for the last time.
    struct LastingFault {
        var text: String
        var mend: () -> Void
        var isDone: () -> Bool
    }

    struct ArmedTrigger {
        var trigger: Trigger
        var node: String?
        var count = 0
        var fault: Fault
    }

    /// Runs an ensemble until it is asked to end, by its folder's port or by SIGTERM or SIGINT.
    ///
    /// - Parameters:
    ///   - hasNetwork: whether everything between the servers, and from their clients to them, goes through this process,
    ///     which may then disturb it. Without it only whole servers can be disturbed, and nothing is slower than it must be.
    ///   - ready: called once when all servers have been started.
    /// - Throws: where somebody runs it already, or a port, file or program cannot be used. No server is left then.
    package static func run(
        _ plan: EnsemblePlan, in folder: EnsembleFolder, program: Program, hasNetwork: Bool = true, ready: () -> Void
    ) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        } catch {
            throw EnsembleFailure.cannotWrite(folder.path, error.localizedDescription)
        }
        guard let lock = try FolderLock(folder.lockFile) else { throw EnsembleFailure.alreadyRunning(folder.path) }
        let loop = try EventLoop()
        defer { loop.close() }
        let supervisor = try EnsembleSupervisor(plan, folder, program, hasNetwork, loop)
        defer { supervisor.close() }
        let port = try ControlPort(folder, on: loop) { supervisor.answer($0, $1) }
        defer { port.close() }
        try withExtendedLifetime(lock) {
            try supervisor.start()
            ready()
            loop.run()
            try? FileManager.default.removeItem(atPath: folder.controlFile)
        }
    }

    private init(
        _ plan: EnsemblePlan, _ folder: EnsembleFolder, _ program: Program, _ hasNetwork: Bool, _ loop: EventLoop
    ) throws {
        (self.plan, self.folder, self.program, self.loop) = (plan, folder, program, loop)
        self.hasNetwork = hasNetwork
        network = PeerNetwork(on: loop)
        origin = loop.now
        folder.removeTraces(plan)
        recorder = plan.isTraced ? try EnsembleRecorder(folder, plan, on: loop) : nil
        network.isGone = { [unowned self] number in
            !children.contains { $0.member.number == number && $0.hasProcess && $0.condition != .crashed }
        }
        network.onSighting = { [unowned self] sighting in
            recorder?.record(sighting)
            notice(sighting)
        }
    }

    private func close() {
        network.close()
        for front in fronts { front.close() }
        recorder?.close()
    }

    private func start() throws {
        try writeConfigurations()
        for member in plan.members {
            if hasNetwork { fronts.append(try ClientFront(member, on: loop)) }
            children.append(child(member))
        }
        for child in children { try child.start() }
        for number in Self.endings { _ = try LoopSignal(number, on: loop) { [unowned self] in stop {} } }
        _ = try LoopSignal(Self.hangUp, on: loop) {}
    }

    // MARK: Members

    private func child(_ member: EnsemblePlan.Member) -> ServerChild {
        let number = member.number
        let words =
            program.words + [
                folder.configurationFile(number), "--log-level", "info", "--log-file", folder.log(number), "--parent",
                String(Self.ownIdentifier),
            ]
        let child = ServerChild(member, on: loop) { [program, folder, isTraced = plan.isTraced] start in
            var launch = ProcessLaunch(program.path, words)
            if isTraced { launch.arguments += ["--trace", folder.serverTrace(number, start: start)] }
            launch.standardOutput = .null
            launch.standardError = .pipe
            launch.startsGroup = false
            return launch
        }
        child.onEnd = { [unowned self] in didEnd(child) }
        return child
    }

    /// Writes everybody's files anew, and opens the ways that are missing between them.
    private func writeConfigurations() throws {
        for member in plan.members {
            for other in plan.members where other.number != member.number && hasNetwork {
                try open(PeerNetwork.Way(from: member.number, to: other.number, port: .quorum), other.quorumPort)
                try open(PeerNetwork.Way(from: member.number, to: other.number, port: .election), other.electionPort)
            }
            let path = folder.server(member.number)
            try folder.write("\(member.number)\n", to: path + "/myid")
            let ways: ((EnsemblePlan.Member) -> (quorum: UInt16, election: UInt16)) = { [ports] other in
                let (from, to) = (member.number, other.number)
                return (
                    ports[PeerNetwork.Way(from: from, to: to, port: .quorum)]!,
                    ports[PeerNetwork.Way(from: from, to: to, port: .election)]!
                )
            }
            let text = plan.configuration(of: member, folder: path, ports: hasNetwork ? ways : nil)
            try folder.write(text, to: folder.configurationFile(member.number))
        }
        try folder.write(plan)
    }

    private func open(_ way: PeerNetwork.Way, _ target: UInt16) throws {
        if ports[way] == nil { ports[way] = try network.open(way, target: target) }
    }

    func child(_ name: String) throws(EnsembleFailure) -> ServerChild {
        guard let child = children.first(where: { String($0.member.number) == name }) else {
            throw .unknownServer(name, known: plan.members.map(\.number))
        }
        return child
    }

    /// Adds a server. An observer may come at any time; for one that votes, all others are started anew with the new list, because
    /// servers with different lists would wait for different quorums. Nothing is lost: majorities of two lists that differ by
    /// one server always have a server in common.
    func add(_ role: EnsemblePlan.Role) throws -> Int {
        let number = (plan.members.map(\.number).max() ?? 0) + 1
        let member = try plan.newMember(number, role, on: loop)
        if hasNetwork { fronts.append(try ClientFront(member, on: loop)) }
        plan.members.append(member)
        try writeConfigurations()
        let others = children
        let new = child(member)
        children.append(new)
        try new.start()
        recorder?.record(.restart, number, label: role.rawValue)
        if role == .participant { renew(others) }
        return number
    }

    func remove(_ name: String) throws {
        let leaving = try child(name)
        let number = leaving.member.number
        let voters = plan.members.filter { $0.role == .participant }
        guard leaving.member.role == .observer || voters.count > 1 else { throw EnsembleFailure.tooFew }
        plan.members.removeAll { $0.number == number }
        try writeConfigurations()
        children.removeAll { $0 === leaving }
        leaving.onEnd = { [self] in
            network.close(number)
            fronts.removeAll { front in
                if front.server == number { front.close() }
                return front.server == number
            }
            ports = ports.filter { $0.key.from != number && $0.key.to != number }
            try? FileManager.default.removeItem(atPath: folder.server(number))
            if leaving.member.role == .participant { renew(children) }
            leaving.onEnd = nil
        }
        recorder?.record(.crash, number, payload: "removed")
        if leaving.hasProcess { leaving.stop() } else { leaving.onEnd?() }
    }

    /// Starts running servers anew, with their new files.
    private func renew(_ others: [ServerChild]) {
        for child in others where child.condition == .running && child.hasProcess {
            let usual = child.onEnd
            child.onEnd = { [unowned self] in
                child.onEnd = usual
                guard !isStopping else { return endIfAllHaveEnded() }
                try? child.start()
                recorder?.record(.restart, child.member.number, label: "new list")
            }
            child.stop()
        }
    }

    /// Asks servers what they do, all at the same time.
    func probe(_ some: [ServerChild], then done: @escaping ([StatusProbe.Answer]) -> Void) {
        guard !some.isEmpty else { return done([]) }
        var answers = some.map { _ in StatusProbe.Answer() }
        var missing = some.count
        for (index, child) in some.enumerated() {
            let port = hasNetwork ? child.member.ownClientPort : child.member.clientPort
            _ = StatusProbe(port: port, on: loop) { answer in
                answers[index] = answer
                missing -= 1
                if missing == 0 { done(answers) }
            }
        }
    }

    // MARK: The end

    private func didEnd(_ child: ServerChild) {
        if child.complaint != nil { recorder?.record(.crash, child.member.number, payload: child.complaint) }
        endIfAllHaveEnded()
    }

    func stop(then done: @escaping () -> Void) {
        onStopped.append(done)
        if !isStopping {
            isStopping = true
            for child in children { child.stop() }
            loop.schedule(after: Self.patience) { [unowned self] in for child in children { child.crash() } }
        }
        endIfAllHaveEnded()
    }

    private func endIfAllHaveEnded() {
        guard isStopping, !children.contains(where: \.hasProcess) else { return }
        for done in onStopped { done() }
        onStopped = []
        loop.stop()
    }
}

extension EnsemblePlan {
    /// An ensemble of new servers on ports that nobody listens on.
    ///
    /// - Parameter firstPort: clients of the first server connect here, of the second one above…; `nil`: anywhere.
    package static func new(
        participants: Int, observers: Int, firstPort: UInt16?, tick: Int, isTraced: Bool, settings: [String]
    ) throws -> EnsemblePlan {
        let loop = try EventLoop()
        defer { loop.close() }
        var plan = EnsemblePlan(tick: tick, isTraced: isTraced, settings: settings, firstPort: firstPort)
        for number in 1...(participants + observers) {
            plan.members.append(
                try plan.newMember(number, number <= participants ? .participant : .observer, on: loop))
        }
        return plan
    }

    /// One more member, on ports that nobody listens on.
    func newMember(_ number: Int, _ role: Role, on loop: EventLoop) throws(EnsembleFailure) -> Member {
        let taken = members.flatMap { [$0.clientPort, $0.ownClientPort, $0.quorumPort, $0.electionPort] }
        let wanted = try firstPort.map { first throws(EnsembleFailure) in
            try Self.clientPort(of: number, from: first)
        }
        var free: [UInt16] = []
        // Below the ports that systems give to outgoing connections, so that they are still free after a restart.
        for _ in 0..<1_000 where free.count < 4 {
            let port = UInt16.random(in: 10_000..<32_000)
            guard port != wanted, !taken.contains(port), !free.contains(port) else { continue }
            guard let listener = try? TCPListener(host: "127.0.0.1", port: port, on: loop, onConnection: { $0.close() })
            else { continue }
            listener.close()
            free.append(port)
        }
        guard free.count == 4 else { throw .noFreePort }
        return Member(
            number: number, role: role, clientPort: wanted ?? free[0], ownClientPort: free[1], quorumPort: free[2],
            electionPort: free[3])
    }
}
