/// First in, first out; equal queues are equal whatever passed through them.
///
/// - Complexity: `append` and `popFirst` are O(1), amortised.
public struct Queue<Element> {
    @usableFromInline var storage: [Element] = []
    @usableFromInline var head = 0

    @inlinable public init() {}

    @inlinable public var isEmpty: Bool { head == storage.count }
    @inlinable public var count: Int { storage.count - head }
    @inlinable public var first: Element? { isEmpty ? nil : storage[head] }
    /// Oldest first.
    @inlinable public var elements: ArraySlice<Element> { storage[head...] }

    @inlinable public mutating func append(_ element: Element) { storage.append(element) }

    @inlinable public mutating func popFirst() -> Element? {
        guard head < storage.count else { return nil }
        let element = storage[head]
        head += 1
        if head == storage.count {
            storage.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64, head * 2 >= storage.count {
            storage.removeFirst(head)
            head = 0
        }
        return element
    }
}

extension Queue: Sendable where Element: Sendable {}

extension Queue: Equatable where Element: Equatable {
    @inlinable public static func == (left: Queue, right: Queue) -> Bool { left.elements == right.elements }
}

extension Queue: Hashable where Element: Hashable {
    @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(elements) }
}

extension Queue: CanonicalEncodable where Element: CanonicalEncodable {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.encode(elements) }
}
