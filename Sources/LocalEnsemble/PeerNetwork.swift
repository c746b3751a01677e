import EventLoop
import Faults
import StateMachines

/// The network between the servers of one machine: each server reaches each other one through a port of its own here, so
/// that every way can be cut in one direction or both, delayed, and watched.
///
/// Over TCP nothing is lost alone: bytes wait behind a cut, connections stay open, and neither side learns that the
/// other has closed or opened one. A lost message takes its connection along.
final class PeerNetwork {
    enum Port: Hashable { case quorum, election }

    /// Who dials whom, at which port.
    struct Way: Hashable {
        var from: Int
        var to: Int
        var port: Port
    }

    /// A message seen on its way; `arrived` is told of the same one later, or never.
    struct Sighting {
        enum Stage { case sent, arrived, lost }
        var stage: Stage
        var from: Int
        var to: Int
        var message: PeerMessage
    }

    var onSighting: ((Sighting) -> Void)?
    /// Whether a server's process has ended, so that nothing reaches it and it will not listen.
    var isGone: ((Int) -> Bool)?

    let loop: EventLoop
    private var listeners: [(way: Way, listener: TCPListener)] = []
    private var connections: [PeerConnection] = []
    private var cuts: [(number: Int, separates: (Int, Int) -> Bool)] = []
    private var rules: [Rule] = []
    private var lastNumber = 0
    private var messageCount = 0
    private var random = SplitMix64(seed: .random(in: .min ... .max))

    private struct Rule {
        var number: Int
        var selector: MessageSelector
        /// `nil`: the message is lost.
        var delay: Tick?
        var count = 0

        var isSpent: Bool {
            if case .only(let number) = selector.repetition { return count >= number }
            return false
        }
    }

    init(on loop: EventLoop) { self.loop = loop }

    /// Opens the port through which one server reaches another.
    func open(_ way: Way, target: UInt16) throws(SystemFailure) -> UInt16 {
        let listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { [unowned self] stream in
            let connection = PeerConnection(stream, way, target: target, in: self)
            connections.append(connection)
            connection.update()
        }
        listeners.append((way, listener))
        return listener.port
    }

    /// Closes every way from and to a server.
    func close(_ server: Int) {
        for (way, listener) in listeners where way.from == server || way.to == server { listener.close() }
        listeners.removeAll { $0.way.from == server || $0.way.to == server }
        for connection in connections where connection.way.from == server || connection.way.to == server {
            connection.reset()
        }
    }

    func close() {
        onSighting = nil
        for (_, listener) in listeners { listener.close() }
        listeners = []
        for connection in connections { connection.reset() }
    }

    // MARK: Faults

    /// Lets nothing pass where `separates(from, to)`.
    ///
    /// - Returns: its number, for `mend`.
    func cut(_ separates: @escaping (Int, Int) -> Bool) -> Int {
        lastNumber += 1
        cuts.append((lastNumber, separates))
        update()
        return lastNumber
    }

    /// Loses or delays the messages that are selected, whose nodes are server numbers.
    func add(_ selector: MessageSelector, delay: Tick?) -> Int {
        lastNumber += 1
        rules.append(Rule(number: lastNumber, selector: selector, delay: delay))
        return lastNumber
    }

    func mend(_ number: Int) {
        cuts.removeAll { $0.number == number }
        rules.removeAll { $0.number == number }
        update()
    }

    /// Whether nothing is left of a fault: it was mended, or its one message has come.
    func isDone(_ number: Int) -> Bool {
        !cuts.contains { $0.number == number } && !rules.contains { $0.number == number }
    }

    private func update() {
        // Connections may end meanwhile, which changes the list.
        for connection in connections { connection.update() }
    }

    func isCut(_ from: Int, _ to: Int) -> Bool { cuts.contains { $0.separates(from, to) } }

    // MARK: For the connections

    func forget(_ connection: PeerConnection) { connections.removeAll { $0 === connection } }

    func nextIdentity() -> String {
        messageCount += 1
        return "m\(messageCount)"
    }

    func saw(_ stage: Sighting.Stage, _ messages: [PeerMessage], _ from: Int, _ to: Int) {
        guard let onSighting else { return }
        for message in messages { onSighting(Sighting(stage: stage, from: from, to: to, message: message)) }
    }

    /// What the rules want of bytes that end these messages.
    func judge(_ messages: [PeerMessage], _ from: Int, _ to: Int) -> (isLost: Bool, delay: Tick) {
        var verdict = (isLost: false, delay: Tick.zero)
        for index in rules.indices {
            let selector = rules[index].selector
            guard selector.from.map({ $0 == String(from) }) ?? true, selector.to.map({ $0 == String(to) }) ?? true
            else {
                continue
            }
            for message in messages where selector.label == nil || selector.label == message.label {
                rules[index].count += 1
                guard selector.repetition.includes(rules[index].count),
                    selector.partsPerMillion.map({ random.chance(partsPerMillion: $0) }) ?? true
                else { continue }
                if let delay = rules[index].delay {
                    verdict.delay = max(verdict.delay, delay)
                } else {
                    verdict.isLost = true
                }
            }
        }
        rules.removeAll { $0.isSpent }
        return verdict
    }
}
