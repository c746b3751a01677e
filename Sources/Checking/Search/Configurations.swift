import StateMachines

/// The operations that a search has placed so far, as bits.
struct PlacedSet {
    fileprivate private(set) var words: [UInt64]
    /// Before this word all bits are ones.
    fileprivate private(set) var first = 0
    /// After this word all bits of operations that must be placed are zeros.
    fileprivate private(set) var last = -1
    /// Words of operations that must be placed; those that may be left out have words of their own behind them.
    fileprivate let definiteWords: Int
    /// Changes with each bit of an operation that must be placed, whatever the order.
    fileprivate private(set) var hash: UInt64 = 0
    private let firstOpen: Int

    /// - Parameters:
    ///   - definite: how many operations must be placed; they have the first numbers.
    ///   - open: how many may be left out.
    init(definite: Int, open: Int) {
        definiteWords = (definite + 63) / 64
        firstOpen = definite
        words = Array(repeating: 0, count: definiteWords + (open + 63) / 64)
    }

    private func place(of number: Int) -> (word: Int, bit: UInt64) {
        let bit = number < firstOpen ? number : number - firstOpen + definiteWords * 64
        return (bit >> 6, 1 << UInt64(bit & 63))
    }

    func contains(_ number: Int) -> Bool {
        let place = place(of: number)
        return words[place.word] & place.bit != 0
    }

    mutating func insert(_ number: Int) {
        let place = place(of: number)
        words[place.word] |= place.bit
        guard place.word < definiteWords else { return }
        hash ^= Self.mark(of: number)
        last = max(last, place.word)
        while first < definiteWords, words[first] == .max { first += 1 }
    }

    mutating func remove(_ number: Int) {
        let place = place(of: number)
        words[place.word] &= ~place.bit
        guard place.word < definiteWords else { return }
        hash ^= Self.mark(of: number)
        first = min(first, place.word)
        while last >= 0, words[last] == 0 { last -= 1 }
    }

    private static func mark(of number: Int) -> UInt64 {
        UInt64(bitPattern: Int64(UInt64(number).mixed(with: 0x5851_F42D)))
    }
}

/// The configurations that a search has seen: what was placed, and the state that it led to.
///
/// Lowe, "Testing for linearizability", 2016. An entry holds only the words between those of all ones and those of all
/// zeros, so its size is that of the concurrency and not of the history. What has used more of the operations that may be
/// left out than an entry, and has come no further, leads nowhere that the entry does not lead: it counts as seen.
struct ConfigurationCache {
    /// Entries one after another: hash, state and first word, number of words, words.
    private var entries: [UInt64] = []
    /// Where an entry begins, plus one; 0 where there is none.
    private var slots: [UInt32]
    private(set) var count = 0

    init() { slots = Array(repeating: 0, count: 1 << 10) }

    var byteCount: Int { entries.count * 8 + slots.count * 4 }
    /// Beyond it entries could not be found again.
    static let mostBytes = Int(UInt32.max) * 8

    /// - Returns: false where it, or one that can do as much, has been seen before.
    mutating func insert(_ placed: borrowing PlacedSet, state: Int32) -> Bool {
        let hash = placed.hash ^ UInt64(bitPattern: Int64(UInt64(UInt32(bitPattern: state)).mixed(with: 0x9E37)))
        let start = min(placed.first, placed.last + 1)
        let tag = UInt64(UInt32(bitPattern: state)) << 32 | UInt64(start)
        let length = placed.last + 1 - start
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
        while slots[slot] != 0 {
            if isCovered(by: Int(slots[slot]) - 1, hash, tag, length, placed, start) { return false }
            slot = (slot + 1) & mask
        }
        slots[slot] = UInt32(entries.count + 1)
        entries.append(hash)
        entries.append(tag)
        entries.append(UInt64(length))
        for word in start..<(start + length) { entries.append(placed.words[word]) }
        for word in placed.definiteWords..<placed.words.count { entries.append(placed.words[word]) }
        count += 1
        if count * 2 > slots.count { grow(openWords: placed.words.count - placed.definiteWords) }
        return true
    }

    private func isCovered(
        by entry: Int, _ hash: UInt64, _ tag: UInt64, _ length: Int, _ placed: borrowing PlacedSet, _ start: Int
    ) -> Bool {
        guard entries[entry] == hash, entries[entry + 1] == tag, entries[entry + 2] == UInt64(length) else {
            return false
        }
        var position = entry + 3
        for word in start..<(start + length) {
            if entries[position] != placed.words[word] { return false }
            position += 1
        }
        for word in placed.definiteWords..<placed.words.count {
            if entries[position] & ~placed.words[word] != 0 { return false }
            position += 1
        }
        return true
    }

    private mutating func grow(openWords: Int) {
        slots = Array(repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        var entry = 0
        while entry < entries.count {
            let hash = entries[entry]
            var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(entry + 1)
            entry += 3 + Int(entries[entry + 2]) + openWords
        }
    }
}
