import Diagrams
import Goldens
import Messages
import StateMachines
import Testing

struct OperationLanesTests {
    static let inversion = OperationLanes(
        title: "new-old inversion", caption: ["Not linearizable: the second read is older."],
        clients: ["A", "阅读者", "C"],
        bars: [
            .init(client: 0, text: "write 1", begin: 0, end: 5, rank: 0),
            .init(client: 1, text: "read → 1", begin: 1, end: 2, style: .reason, rank: 1),
            .init(client: 2, text: "read → nil", begin: 3, end: 4, style: .impossible),
            .init(client: 2, text: "cas 1 2 → ?", begin: 6, end: nil, rank: 2),
        ], hasMoments: true)

    @Test func `the DOT of a history`() throws {
        let figure = Figure(of: Self.inversion, language: .english)
        #expect(try Golden.difference(String(decoding: figure.dot(), as: UTF8.self), "inversion.dot") == nil)
    }

    @Test func `a history in characters`() {
        #expect(
            Self.inversion.text(columns: 80) == """
                A       ├write 1────────────────────┤
                阅读者    ├read → 1┤
                C                    ├read → nil ✗┤   ├cas 1 2 → ?┄

                """)
        #expect(Self.inversion.text(columns: 50) == nil)
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `bars hold their words and their moments, rows are free of overlaps`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var bars: [OperationLanes.Bar] = []
        var place = 0
        for number in 0..<random.uniform(in: 1...20) {
            place += Int(random.uniform(in: 1...3))
            bars.append(
                .init(
                    client: Int(random.uniform(in: 0...3)), text: String(repeating: "w", count: Int(number % 7) + 1),
                    begin: place * 2,
                    end: random.uniform(in: 0...5) == 0 ? nil : (place + Int(random.uniform(in: 0...6))) * 2 + 1))
        }
        for index in bars.indices { bars[index].rank = index }
        let lanes = OperationLanes(title: "t", clients: ["A", "B", "C", "D"], bars: bars, hasMoments: true)
        let figure = Figure(of: lanes, language: .chinese)
        let boxes = figure.labels.filter { [.interval, .openInterval].contains($0.style) }
        #expect(boxes.count == bars.count)
        for box in boxes {
            let needed = box.style.size(of: box.lines).width
            #expect(box.box.width >= needed && box.box.right <= figure.width && box.box.bottom <= figure.height)
            #expect(!boxes.contains { $0 != box && $0.box.overlaps(box.box) }, "seed=\(seed)")
        }
        let ticks = figure.segments.filter { $0.style == .moment }
        #expect(ticks.count == bars.count)
        for tick in ticks {
            let bar = boxes.first { $0.box.bottom == tick.top && $0.box.left < tick.x && tick.x < $0.box.right }
            #expect(bar != nil, "seed=\(seed)")
        }
    }
}
