/// For each operation those that must have happened before it, as rows of bits.
struct CausalOrder {
    private let width: Int
    private var rows: [UInt64]
    let count: Int

    /// - Parameter order: every operation after its predecessors.
    init(order: [Int], predecessors: [[Int]]) {
        count = predecessors.count
        width = (count + 63) / 64
        rows = Array(repeating: 0, count: width * count)
        for operation in order {
            for earlier in predecessors[operation] { include(earlier, before: operation) }
        }
    }

    func isBefore(_ earlier: Int, _ later: Int) -> Bool {
        rows[later * width + earlier >> 6] & (1 << UInt64(earlier & 63)) != 0
    }

    /// The operation and all that is before it come before the later one.
    /// - Returns: whether that was news.
    @discardableResult
    mutating func include(_ earlier: Int, before later: Int) -> Bool {
        var isNews = false
        for word in 0..<width {
            let old = rows[later * width + word]
            rows[later * width + word] = old | rows[earlier * width + word]
            if rows[later * width + word] != old { isNews = true }
        }
        if !isBefore(earlier, later) {
            rows[later * width + earlier >> 6] |= 1 << UInt64(earlier & 63)
            isNews = true
        }
        return isNews
    }
}
