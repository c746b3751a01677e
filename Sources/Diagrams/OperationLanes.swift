/// Operations of clients as bars from call to answer, a row a client, time to the right: what a picture of a history shows.
package struct OperationLanes: Hashable, Sendable {
    package struct Bar: Hashable, Sendable {
        package enum Style: String, CaseIterable, Hashable, Sendable {
            case interval
            /// Its answer contradicts others.
            case reason
            /// It cannot have been.
            case impossible
        }
        /// Position in `clients`.
        package var client: Int
        /// "read → 3".
        package var text: String
        /// Places among all calls and answers; only their order is drawn.
        package var begin: Int
        /// `nil`: it has no answer, and reaches to the right edge.
        package var end: Int?
        package var style: Style
        /// Its place in an order that explains the others, from 0; `nil` where it has none.
        package var rank: Int?
        package var tooltip: String

        package init(
            client: Int, text: String, begin: Int, end: Int?, style: Style = .interval, rank: Int? = nil,
            tooltip: String = ""
        ) {
            (self.client, self.text, self.begin, self.end) = (client, text, begin, end)
            (self.style, self.rank, self.tooltip) = (style, rank, tooltip)
        }
    }

    package var title: String
    /// Below the title, one line each.
    package var caption: [String]
    package var clients: [String]
    package var bars: [Bar]
    /// True where ranks respect real time, so that each has a moment within its bar.
    package var hasMoments: Bool

    package init(title: String, caption: [String] = [], clients: [String], bars: [Bar], hasMoments: Bool = false) {
        (self.title, self.caption, self.clients, self.bars) = (title, caption, clients, bars)
        self.hasMoments = hasMoments
    }
}

/// Where bars are, in points or in columns of a terminal.
struct LaneLayout {
    struct Row {
        /// Position among the clients that have bars.
        var client: Int
        var bars: [Int]
    }
    /// Left and right end of each bar.
    private(set) var spans: [(left: Double, right: Double)] = []
    /// Where each bar takes effect.
    private(set) var moments: [Double?]
    /// From top to bottom, whoever calls first highest; a client whose operations overlap has several.
    private(set) var rows: [Row] = []
    private(set) var right = 0.0

    /// - Parameters:
    ///   - gap: the least distance from one call or answer to the next.
    ///   - moment: the least distance from one moment to the next.
    ///   - width: what a bar's text needs.
    init(_ lanes: OperationLanes, gap: Double, moment: Double, width: (OperationLanes.Bar) -> Double) {
        moments = lanes.bars.map { _ in nil }
        let places = Set(lanes.bars.flatMap { [$0.begin] + ($0.end.map { [$0] } ?? []) }).sorted()
        let slot = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })  // Only looked up.
        let inSlot = Self.momentsInSlots(lanes, slot, count: places.count)
        var x: [Double] = []
        for (index, place) in places.enumerated() {
            var here = 0.0
            if let last = x.last { here = last + max(gap, Double(inSlot[index - 1].count + 1) * moment) }
            for bar in lanes.bars where bar.end == place { here = max(here, x[slot[bar.begin]!] + width(bar)) }
            x.append(here)
        }
        right = (x.last ?? 0) + max(gap, Double((inSlot.last?.count ?? 0) + 1) * moment)
        for bar in lanes.bars where bar.end == nil { right = max(right, x[slot[bar.begin]!] + width(bar)) }
        spans = lanes.bars.map { (x[slot[$0.begin]!], $0.end.map { x[slot[$0]!] } ?? right) }
        for (index, bars) in inSlot.enumerated() {
            let end = index + 1 < x.count ? x[index + 1] : right
            for (number, bar) in bars.enumerated() {
                moments[bar] = x[index] + (end - x[index]) * Double(number + 1) / Double(bars.count + 1)
            }
        }
        placeRows(lanes)
    }

    /// Bars by the call after which they take effect, as early as their ranks allow.
    private static func momentsInSlots(_ lanes: OperationLanes, _ slot: [Int: Int], count: Int) -> [[Int]] {
        var slots: [[Int]] = Array(repeating: [], count: count)
        guard lanes.hasMoments else { return slots }
        var latest = 0
        let ranked = lanes.bars.indices.filter { lanes.bars[$0].rank != nil }
            .sorted { lanes.bars[$0].rank! < lanes.bars[$1].rank! }
        for bar in ranked {
            latest = max(latest, slot[lanes.bars[bar].begin]!)
            slots[latest].append(bar)
        }
        return slots
    }

    private mutating func placeRows(_ lanes: OperationLanes) {
        let byBegin = lanes.bars.indices.sorted { lanes.bars[$0].begin < lanes.bars[$1].begin }
        var seen: Set<Int> = []
        for client in byBegin.map({ lanes.bars[$0].client }) where seen.insert(client).inserted {
            var own: [Row] = []
            for bar in byBegin where lanes.bars[bar].client == client {
                let isFree = { [spans] (row: Row) in spans[row.bars.last!].right < spans[bar].left }
                if let row = own.firstIndex(where: isFree) {
                    own[row].bars.append(bar)
                } else {
                    own.append(Row(client: client, bars: [bar]))
                }
            }
            rows += own
        }
    }
}
