import Bytes

/// The bytes of many nodes in few arrays, so that a node costs no allocation of its own.
///
/// Runs are rounded up to eight bytes and cut from pages; a run given back is used again for one of its rounded size.
/// Longer runs have a page each. Copies of the store share pages until one of them changes.
struct ContentStore: Sendable {
    /// Where a run lies; it is known together with its length only.
    struct Place: Hashable, Sendable {
        var page: Int32
        var offset: Int32
        /// Of a run without bytes.
        static let nowhere = Place(page: -1, offset: 0)
    }

    /// Longer runs do not share a page.
    private static let longestShared = 4_096
    private static let firstPage = 1_024
    private static let largestPage = 65_536

    private var pages: [[UInt8]] = []
    private var freePages: [Int32] = []
    /// Runs given back, by eighths of their rounded size.
    private var freeRuns: [[Place]] = Array(repeating: [], count: longestShared / 8 + 1)
    private var openPage: Int32 = -1
    private var openOffset = 0
    /// Bytes of all pages.
    private(set) var capacity = 0

    init() {}

    private static func rounded(_ count: Int) -> Int { (count + 7) & ~7 }

    /// Keeps `path` followed by `data`.
    mutating func store(_ path: RawSpan, _ data: RawSpan) -> Place {
        let count = path.byteCount + data.byteCount
        if count == 0 { return .nowhere }
        let place = take(Self.rounded(count))
        write(path, place, at: 0)
        write(data, place, at: path.byteCount)
        return place
    }

    /// Forgets a run of this length.
    mutating func release(_ place: Place, count: Int) {
        let size = Self.rounded(count)
        if size == 0 { return }
        guard size > Self.longestShared else { return freeRuns[size / 8].append(place) }
        capacity -= size
        pages[Int(place.page)] = []
        freePages.append(place.page)
    }

    /// Replaces what follows the first `kept` bytes of a run; the run may move.
    mutating func replace(_ place: Place, count: Int, keeping kept: Int, with data: RawSpan) -> Place {
        let (old, new) = (Self.rounded(count), Self.rounded(kept + data.byteCount))
        if old == new {
            write(data, place, at: kept)
            return place
        }
        let moved = new == 0 ? .nowhere : take(new)
        if kept > 0 {
            let page = pages[Int(place.page)]
            write(page.span.bytes.extracting(Int(place.offset)..<Int(place.offset) + kept), moved, at: 0)
        }
        write(data, moved, at: kept)
        release(place, count: count)
        return moved
    }

    /// Shows a part of a run.
    @inline(__always)
    func withBytes<Result>(_ place: Place, _ range: Range<Int>, _ body: (RawSpan) -> Result) -> Result {
        let page = place.page < 0 ? [] : pages[Int(place.page)]
        let start = Int(place.offset)
        return body(page.span.bytes.extracting(start + range.lowerBound..<start + range.upperBound))
    }

    private mutating func take(_ size: Int) -> Place {
        if size > Self.longestShared { return Place(page: addPage(size), offset: 0) }
        if let place = freeRuns[size / 8].popLast() { return place }
        if openPage < 0 || openOffset + size > pages[Int(openPage)].count {
            giveBackRest()
            openPage = addPage(min(max(capacity, Self.firstPage, size), Self.largestPage))
            openOffset = 0
        }
        defer { openOffset += size }
        return Place(page: openPage, offset: Int32(openOffset))
    }

    /// What is left of the open page serves for shorter runs.
    private mutating func giveBackRest() {
        guard openPage >= 0 else { return }
        let rest = pages[Int(openPage)].count - openOffset
        if rest >= 8 { freeRuns[rest / 8].append(Place(page: openPage, offset: Int32(openOffset))) }
    }

    private mutating func addPage(_ size: Int) -> Int32 {
        capacity += size
        if let number = freePages.popLast() {
            pages[Int(number)] = [UInt8](repeating: 0, count: size)
            return number
        }
        pages.append([UInt8](repeating: 0, count: size))
        return Int32(pages.count - 1)
    }

    private mutating func write(_ bytes: RawSpan, _ place: Place, at offset: Int) {
        if bytes.byteCount == 0 { return }
        let start = Int(place.offset) + offset
        // SAFETY: the range lies within the run; the slice and the span are only used during the call.
        pages[Int(place.page)].withUnsafeMutableBytes { page in
            unsafe bytes.withUnsafeBytes {
                unsafe UnsafeMutableRawBufferPointer(rebasing: page[start..<start + $0.count]).copyMemory(from: $0)
            }
        }
    }
}
