package import StateMachines

/// A node of a simulated ensemble with clients.
package struct EnsembleNode: ProtocolNode {
    package typealias Message = EnsembleMessage
    package typealias Timer = EnsembleTimer
    package typealias Record = DiskRecord
    package typealias Command = ClientAction

    // One of the two.
    package private(set) var server: EnsembleServer?
    package private(set) var client: EnsembleClient?

    package init(_ server: EnsembleServer) { self.server = server }
    package init(_ client: EnsembleClient) { self.client = client }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started:
            server?.start([], now, &effects)
            client?.start(&effects)
        case .recovered(let records): server?.start(records, now, &effects)
        case .received(let message, let sender):
            server?.receive(message, from: sender, now, &effects)
            client?.receive(message, from: sender, now, &effects)
        case .timerFired(let timer):
            server?.fire(timer, now, &effects)
            client?.turn(now, &effects)
        case .persisted(let record): server?.persisted(record, now, &effects)
        case .invoked(let action): client?.act(action, now, &effects)
        }
    }

    package var summary: String { server?.summary ?? client?.summary ?? "" }

    /// Enough to tell two runs apart; nobody searches these states exhaustively.
    package func encode(into encoder: inout CanonicalEncoder) {
        server?.encode(into: &encoder)
        client?.encode(into: &encoder)
    }
}
