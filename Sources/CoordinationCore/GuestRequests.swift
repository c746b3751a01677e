import Bytes
import StateMachines
import WireProtocol
import ZNodes
import Zab

/// What a learner has asked its leader for and must hand on to whom it concerns: clients of its own, and of the observers that it
/// hosts.
struct GuestRequests: Hashable, Sendable, CanonicalEncodable {
    enum Asker: Hashable, Sendable {
        case client(ConnectionID)
        /// An observer; `nil` when it has gone, and with it whoever waited there.
        case guest(ServerID?)
    }

    private struct Revalidation: Hashable, Sendable {
        var session: SessionID
        var guest: ServerID?
    }

    /// The leader answers in the order of the questions, whoever asked.
    var synchronizations = Queue<Asker>()
    /// Sessions that observers have heard of since the leader was told last.
    var touched: [QuorumSession] = []
    private var revalidations: [Revalidation] = []

    mutating func askForSession(_ session: SessionID, for guest: ServerID) {
        revalidations.append(Revalidation(session: session, guest: guest))
    }

    /// The observer that asked for this session first; the inner `nil` where it has gone, the outer one where none has asked.
    mutating func takeRevalidation(of session: SessionID) -> ServerID?? {
        guard let index = revalidations.firstIndex(where: { $0.session == session }) else { return nil }
        return .some(revalidations.remove(at: index).guest)
    }

    /// An observer that comes back must not take an answer to what it asked before for one to what it asks then.
    mutating func forget(_ guest: ServerID) {
        for index in revalidations.indices where revalidations[index].guest == guest {
            revalidations[index].guest = nil
        }
        guard synchronizations.elements.contains(.guest(guest)) else { return }
        var kept = Queue<Asker>()
        for asker in synchronizations.elements { kept.append(asker == .guest(guest) ? .guest(nil) : asker) }
        synchronizations = kept
    }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(UInt32(synchronizations.count))
        for asker in synchronizations.elements {
            switch asker {
            case .client(let id):
                encoder.encode(tag: 0)
                encoder.encode(id.rawValue)
            case .guest(let server):
                encoder.encode(tag: 1)
                encoder.encode(server)
            }
        }
        encoder.encode(UInt32(touched.count))
        for session in touched { encoder.encode(session.session.rawValue) }
        encoder.encode(UInt32(revalidations.count))
        for asked in revalidations {
            encoder.encode(asked.session.rawValue)
            encoder.encode(asked.guest)
        }
    }
}

/// A follower between the observers that it hosts and their leader.
extension CoordinationCore {
    /// An observer's client wants a write or a synchronisation.
    mutating func relay(
        _ request: ForwardedRequest, _ identities: [Identity], from guest: ServerID,
        _ effects: inout EffectBuffer<Effect>
    ) {
        // The leader takes all of them for this server's. What was on its way when the client moved is not done any more: its new
        // connection may use the same numbers.
        if let session = sessions[request.session] {
            guard session.connection == nil, session.owner == nil || session.owner == guest else { return }
            sessions[request.session]!.owner = guest
        }
        if request.type == OperationCode.sync.rawValue { member!.guests.synchronizations.append(.guest(guest)) }
        statistics.ensemble.relayedRequests += 1
        effects.append(.ensemble(.request(request, identities)))
    }

    /// A client came to an observer with a session that began elsewhere.
    mutating func relay(_ asked: QuorumSession, from guest: ServerID, _ effects: inout EffectBuffer<Effect>) {
        // The client has moved; a connection that it left here must not speak for it.
        if let old = sessions[asked.session]?.connection, let slot = slots[old] { close(slot, &effects) }
        sessions[asked.session]?.owner = guest
        member!.guests.askForSession(asked.session, for: guest)
        effects.append(.ensemble(.revalidate(asked)))
    }
}
