package import StateMachines

/// A known way to get the protocol wrong, for lessons and for testing the checkers. One at a time.
package enum TCCMutation: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    /// CONFIRM is carried out as often as it arrives: no transaction record is looked up.
    case confirmsTwice = 1
    /// CANCEL gives back what a TRY should have taken, without looking whether there was one.
    case cancelsBlindly = 2
    /// A cancel without a try leaves no record, so that a TRY that comes later reserves, and nobody comes for it.
    case acceptsLateTry = 3
    /// TRY only looks whether it would work, so that CONFIRM may fail.
    case reservesNothing = 4
    /// The coordinator sends CONFIRM while its decision is still on the way to the disk.
    case decidesBeforeForcing = 5

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// Everything the nodes of one run agree on before it begins.
///
/// Node 0 is the coordinator, nodes 1 to `participants` are the participants.
package struct TCCConfiguration: Hashable, Sendable, CanonicalEncodable {
    package var participants: Int
    /// Whether a participant cancels by itself what nobody settles for long, as a shop empties a basket after a quarter
    /// of an hour; else the coordinator has promised to come back.
    package var reservationsExpire: Bool
    package var mutation: TCCMutation?
    /// `decision` is how long a reservation is kept.
    package var timeouts: CommitTimeouts
    /// What each participant's account holds at first, by position.
    package var accounts: [KeyValueStore.Cell]

    package init(
        participants: Int, reservationsExpire: Bool = false, mutation: TCCMutation? = nil,
        timeouts: CommitTimeouts = CommitTimeouts(
            votes: .milliseconds(100), decision: .milliseconds(200), answer: .milliseconds(60)),
        accounts: [KeyValueStore.Cell] = []
    ) {
        self.participants = participants
        self.reservationsExpire = reservationsExpire
        self.mutation = mutation
        self.timeouts = timeouts
        self.accounts = accounts
    }

    package static let coordinator = NodeID(0)
    /// How many nodes a run has.
    package var nodeCount: Int { 1 + participants }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(participants)
        encoder.encode(reservationsExpire)
        encoder.encode(mutation)
        encoder.encode(timeouts)
        encoder.encode(accounts)
    }
}

extension Outcome {
    /// "confirm" or "cancel".
    package var settlement: String {
        switch self {
        case .commit: "confirm"
        case .abort: "cancel"
        }
    }
}
