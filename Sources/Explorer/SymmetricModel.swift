public import StateMachines

/// A model in which some names mean nothing: exchanging them throughout a state gives a state with the same future,
/// renamed.
public protocol SymmetricModel<State, Action>: Model {
    /// The same state for all states that differ in such names only, and for no others.
    ///
    /// - Precondition: nothing compares these names, as ballots compare their proposers' names.
    func representative(of state: State) -> State
}

/// A model of which only one state in each class of symmetric ones is searched.
///
/// The search goes on from the state that was found first, not from its representative, so that every run it shows is
/// one of the model itself. Only invariants that ask no names may be judged.
public struct QuotientModel<Base: SymmetricModel>: Model {
    public let base: Base

    @inlinable public init(_ base: Base) { self.base = base }

    @inlinable public var initialStates: [Base.State] { base.initialStates }

    @inlinable public func appendSuccessors(
        of state: Base.State, to successors: inout [Successor<Base.State, Base.Action>]
    ) {
        base.appendSuccessors(of: state, to: &successors)
    }

    @inlinable public func fingerprint(
        of state: Base.State, using encoder: inout CanonicalEncoder
    ) -> Fingerprint {
        base.fingerprint(of: base.representative(of: state), using: &encoder)
    }
}
