/// Protocol logic as a value: one input in, effects out.
///
/// A step does no I/O, reads no clock, draws no randomness, logs nothing, and never lets the iteration order of a
/// `Dictionary` or `Set` reach its state or its effects. Drivers (the simulator, the libuv server) do the rest.
/// Machines are copied, compared and hashed by the simulator and the explorer.
public protocol Machine: Hashable, Sendable, CanonicalEncodable {
    associatedtype Input: Hashable, Sendable
    associatedtype Effect: Hashable, Sendable

    /// Consumes one input and appends effects in the order they must start.
    ///
    /// - Parameter now: the node's own clock; it may be skewed against that of other nodes.
    mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>)
}
