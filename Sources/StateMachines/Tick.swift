/// A point in time, or a length of time, in whole microseconds.
///
/// Virtual in the simulator, monotonic in the real driver. Machines only ever compare and add ticks; they never
/// read a clock. Traces show milliseconds (see `milliseconds`).
public struct Tick: Hashable, Comparable, Sendable {
    public var microseconds: UInt64

    @inlinable public init(microseconds: UInt64) { self.microseconds = microseconds }

    public static let zero = Tick(microseconds: 0)

    @inlinable public static func microseconds(_ value: UInt64) -> Tick { Tick(microseconds: value) }
    @inlinable public static func milliseconds(_ value: UInt64) -> Tick { Tick(microseconds: value * 1_000) }
    @inlinable public static func seconds(_ value: UInt64) -> Tick { Tick(microseconds: value * 1_000_000) }

    /// Milliseconds with a fraction, as a trace prints them.
    @inlinable public var milliseconds: Double { Double(microseconds) / 1_000 }

    @inlinable public static func < (left: Tick, right: Tick) -> Bool { left.microseconds < right.microseconds }
    @inlinable public static func + (left: Tick, right: Tick) -> Tick {
        Tick(microseconds: left.microseconds + right.microseconds)
    }
    /// The time from `right` to `left`; zero where `right` is the later one.
    @inlinable public static func - (left: Tick, right: Tick) -> Tick {
        Tick(microseconds: left.microseconds > right.microseconds ? left.microseconds - right.microseconds : 0)
    }
    @inlinable public static func * (left: Tick, right: UInt64) -> Tick {
        Tick(microseconds: left.microseconds * right)
    }
}
