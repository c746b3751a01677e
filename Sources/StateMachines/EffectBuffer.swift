/// Effects in the order they must start.
///
/// The driver owns one buffer and reuses it for every step, so that a steady state allocates nothing.
/// - Complexity: `append` and `popFirst` are O(1), amortised.
public struct EffectBuffer<Effect: Sendable>: Sendable {
    @usableFromInline var storage: [Effect] = []
    @usableFromInline var head = 0

    @inlinable public init() {}

    @inlinable public var isEmpty: Bool { head == storage.count }
    @inlinable public var count: Int { storage.count - head }

    @inlinable public mutating func append(_ effect: Effect) { storage.append(effect) }

    /// Takes the oldest effect; `nil` when none is left. Storage is kept for the next step.
    @inlinable public mutating func popFirst() -> Effect? {
        guard head < storage.count else { return nil }
        let effect = storage[head]
        head += 1
        if head == storage.count {
            storage.removeAll(keepingCapacity: true)
            head = 0
        }
        return effect
    }

    @inlinable public mutating func removeAll() {
        storage.removeAll(keepingCapacity: true)
        head = 0
    }

    /// The effects still to be performed, oldest first; for tests and for drivers that only look.
    @inlinable public var elements: ArraySlice<Effect> { storage[head...] }
}

extension EffectBuffer: Equatable where Effect: Equatable {
    @inlinable public static func == (left: EffectBuffer, right: EffectBuffer) -> Bool {
        left.elements == right.elements
    }
}

extension EffectBuffer: Hashable where Effect: Hashable {
    @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(elements) }
}
