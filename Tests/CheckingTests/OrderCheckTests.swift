import Checking
import StateMachines
import Testing

struct OrderCheckTests {
    // MARK: Histories from the literature

    struct Classic: Sendable, CustomStringConvertible {
        var name: String
        var drawing: String
        var isLinearizable: Bool
        var isSequential: Bool
        var description: String { name }
    }

    static let registers: [Classic] = [
        Classic(
            name: "nothing happened", drawing: "", isLinearizable: true, isSequential: true),
        Classic(
            name: "a read beside a write may see either value",
            drawing: """
                A: [write 1           ]
                B:    [read → nil]  [read → 1]
                """, isLinearizable: true, isSequential: true),
        Classic(
            name: "stale read: the write had ended",
            drawing: """
                A: [write 1]
                B:            [read → nil]
                """, isLinearizable: false, isSequential: true),
        Classic(
            name: "new-old inversion: regular, not atomic (Lamport, On interprocess communication, 1986)",
            drawing: """
                A: [write 1                       ]
                B:    [read → 1]
                C:                [read → nil]
                """, isLinearizable: false, isSequential: true),
        Classic(
            name: "new-old inversion within one client",
            drawing: """
                A: [write 1                       ]
                B:    [read → 1]  [read → nil]
                """, isLinearizable: false, isSequential: false),
        Classic(
            name: "two readers see two writes in different orders (Hutto and Ahamad's slow memory, 1990)",
            drawing: """
                A: [write 1]
                B: [write 2]
                C:           [read → 1] [read → 2]
                D:           [read → 2] [read → 1]
                """, isLinearizable: false, isSequential: false),
        Classic(
            name: "a write nobody answered may come late",
            drawing: """
                A: [write 1…
                B:    [read → nil]  [read → nil]  [read → 1]
                """, isLinearizable: true, isSequential: true),
        Classic(
            name: "but it comes only once",
            drawing: """
                A: [write 1…
                B:    [read → 1]  [write 2]  [read → 1]
                """, isLinearizable: false, isSequential: false),
        Classic(
            name: "a write nobody answered may never come",
            drawing: """
                A: [write 1…
                B:    [read → nil]  [read → nil]
                """, isLinearizable: true, isSequential: true),
        Classic(
            name: "a value from nowhere",
            drawing: "A: [read → 7]", isLinearizable: false, isSequential: false),
        Classic(
            name: "a value from the future",
            drawing: """
                A:    [read → 1]
                B:                 [write 1]
                """, isLinearizable: false, isSequential: true),
        Classic(
            name: "two compare-and-sets cannot both win",
            drawing: """
                A: [write 1]  [cas 1 2 → ok]
                B:            [cas 1 3 → ok]
                """, isLinearizable: false, isSequential: false),
        Classic(
            name: "one of them loses",
            drawing: """
                A: [write 1]  [cas 1 2 → ok]
                B:            [cas 1 3 → no]
                """, isLinearizable: true, isSequential: true),
    ]

    static let queues: [Classic] = [
        Classic(
            name: "after Herlihy and Wing 1990, figure 1 (a): concurrent enqueues may go either way",
            drawing: """
                A: [enqueue x       ]    [dequeue → y]  [enqueue z]
                B:     [enqueue y ]   [dequeue → x]
                """, isLinearizable: true, isSequential: true),
        Classic(
            name: "after figure 1 (b): x came first, y is taken first",
            drawing: """
                A: [enqueue x]
                B:                [enqueue y]   [dequeue → y]
                """, isLinearizable: false, isSequential: true),
        Classic(
            name: "after figure 1 (c): taken while it is being put in",
            drawing: """
                A: [enqueue x               ]
                B:     [dequeue → x]
                """, isLinearizable: true, isSequential: true),
        Classic(
            name: "after figure 1 (d): one y is taken twice",
            drawing: """
                A: [enqueue x]   [enqueue y    ]
                B:                 [dequeue → y]   [dequeue → y]
                """, isLinearizable: false, isSequential: false),
        Classic(
            name: "sequential consistency is not local (Herlihy and Wing 1990, section 3.3), one queue of two",
            drawing: """
                A: [enqueue x]                            [dequeue → y]
                B:              [enqueue y]
                """, isLinearizable: false, isSequential: true),
    ]

    @Test(arguments: registers)
    func `registers of the literature`(classic: Classic) throws { try judge(classic, RegisterModel()) }

    @Test(arguments: queues)
    func `queues of the literature`(classic: Classic) throws { try judge(classic, QueueModel()) }

    @Test func `sequential consistency of two queues does not follow from that of each`() throws {
        // Herlihy and Wing 1990, section 3.3; queues are keys to which values are appended.
        let drawing = """
            A: [append p x]  [append q x]  [get p → yx]
            B: [append q y]  [append p y]  [get q → xy]
            """
        try judge(
            Classic(name: "", drawing: drawing, isLinearizable: false, isSequential: false), KeyValueModel())
        for key in ["p", "q"] {
            let one = drawing.replacingOperations { !$0.contains(" \(key) ") }
            let history = try HistoryDrawing.history(one, of: KeyValueModel())
            #expect(OrderCheck(.sequential, of: KeyValueModel()).judge(history).verdict == .holds)
        }
    }

    static let others: [(model: String, drawing: String, isLinearizable: Bool)] = [
        ("lock", "A: [acquire]        [release]\nB:    [acquire → no]             [acquire]", true),
        ("lock", "A: [acquire]                [release]\nB:            [acquire → ok]", false),
        ("lock", "A: [acquire p]\nB:    [acquire q]  [release p → no] [release q]", true),
        ("lock", "A: [acquire…\nB:               [acquire → no]", true),
        ("lock", "A: [acquire…\nB:               [acquire → ok]  [acquire → no]", true),
        ("set", "A: [add 1]          [add 1 → no]\nB:         [contains 1 → ok]  [remove 1] [read → nil]", true),
        ("set", "A: [add 1]\nB: [add 1]", false),
        ("set", "A: [add 1]   [add 2]\nB:                        [read → 2 1]", true),
        ("set", "A: [add 1]   [add 2]\nB:                        [read → 2]", false),
        ("counter", "A: [add 5]            [read → 6]\nB:    [increment → 1]", true),
        ("counter", "A: [increment → 1]\nB: [increment → 1]", false),
        ("counter", "A: [add 2…\nB:            [read → 0]  [read → 2]  [read → 2]", true),
        ("key-value", "A: [put k a]  [append k b]\nB: [get l → nil]              [get k → ab]", true),
        ("key-value", "A: [put k a]  [append k b]\nB:                            [get k → ba]", false),
    ]

    @Test(arguments: others)
    func `other objects`(model: String, drawing: String, isLinearizable: Bool) throws {
        func check<Model: SequentialModel>(_ model: Model) throws -> Bool {
            let history = try HistoryDrawing.history(drawing, of: model)
            return OrderCheck(.linearizable, of: model).judge(history).verdict == .holds
        }
        let found =
            switch model {
            case "lock": try check(LockModel())
            case "set": try check(SetModel())
            case "counter": try check(CounterModel())
            default: try check(KeyValueModel())
            }
        #expect(found == isLinearizable, "\(drawing)")
    }

    private func judge<Model: SequentialModel>(_ classic: Classic, _ model: Model) throws {
        let history = try HistoryDrawing.history(classic.drawing, of: model)
        let checks = [(Consistency.linearizable, classic.isLinearizable), (.sequential, classic.isSequential)]
        for (consistency, isExpected) in checks {
            let judgement = OrderCheck(consistency, of: model).judge(history)
            #expect((judgement.verdict == .holds) == isExpected, "\(consistency): \(judgement)")
        }
    }

    // MARK: Generated histories

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `every verdict is that of trying all orders`(seed: UInt64) {
        compare(
            RandomHistory(model: RegisterModel()) { random, _ in
                switch random.uniform(in: 0...4) {
                case 0...1: .read
                case 2...3: .write(["1", "2"][Int(random.uniform(in: 0...1))])
                default: .compareAndSet(expected: ["1", nil][Int(random.uniform(in: 0...1))], new: "2")
                }
            }, seed)
        compare(
            RandomHistory(model: QueueModel()) { random, _ in
                random.uniform(in: 0...1) == 0 ? .dequeue : .enqueue(["a", "b"][Int(random.uniform(in: 0...1))])
            }, seed)
        compare(
            RandomHistory(model: LockModel()) { random, client in
                LockModel.Request(random.uniform(in: 0...1) == 0 ? .acquire : .release, by: client)
            }, seed)
        compare(
            RandomHistory(model: SetModel()) { random, _ in
                let element = ["a", "b"][Int(random.uniform(in: 0...1))]
                return switch random.uniform(in: 0...5) {
                case 0...1: .add(element)
                case 2: .remove(element)
                case 3...4: .contains(element)
                default: .read
                }
            }, seed)
        compare(
            RandomHistory(model: CounterModel()) { random, _ in
                switch random.uniform(in: 0...3) {
                case 0: .increment
                case 1: .add(2)
                default: .read
                }
            }, seed)
        compare(
            RandomHistory(model: KeyValueModel()) { random, _ in
                let key = ["x", "y"][Int(random.uniform(in: 0...1))]
                return switch random.uniform(in: 0...4) {
                case 0...1: .get(key: key)
                case 2: .put(key: key, value: "1")
                default: .append(key: key, value: "2")
                }
            }, seed)
    }

    private func compare<Model: SequentialModel>(_ twin: RandomHistory<Model>, _ seed: UInt64) {
        var random = SplitMix64(seed: seed, stream: Model.name)
        for _ in 0..<12 {
            #expect(twin.observationsChangeNothing(using: &random), "seed=\(seed) \(Model.name)")
            let history = twin.make(operations: Int(random.uniform(in: 1...7)), using: &random)
            for consistency in [Consistency.linearizable, .sequential] {
                let check = OrderCheck(consistency, of: twin.model)
                let judgement = check.judge(history)
                let isExplained = twin.isExplained(history, isRealTime: consistency == .linearizable)
                #expect(
                    (judgement.verdict == .holds) == isExplained,
                    "seed=\(seed) \(consistency) of \(Model.name): \(history)"
                )
                switch judgement.evidence {
                case .order(let order): #expect(check.explains(order, history), "seed=\(seed)")
                case .impossible(let why): inspect(why, history, twin, consistency, seed)
                case .none, .contradiction: Issue.record("seed=\(seed): no evidence")
                }
            }
        }
    }

    /// The core contradicts itself, no answer of it can be spared, and without the culprit's all can be explained.
    private func inspect<Model: SequentialModel>(
        _ why: Impossibility, _ history: History<Model.Request, Model.Response>, _ twin: RandomHistory<Model>,
        _ consistency: Consistency, _ seed: UInt64
    ) {
        func isExplained(answersOf kept: [Int]) -> Bool {
            twin.isExplained(history.knowing(answersOf: kept), isRealTime: consistency == .linearizable)
        }
        #expect(why.isMinimal && why.core.contains(why.culprit), "seed=\(seed)")
        #expect(!isExplained(answersOf: why.core), "seed=\(seed): \(why) of \(history)")
        for spared in why.core {
            #expect(isExplained(answersOf: why.core.filter { $0 != spared }), "seed=\(seed): \(why) of \(history)")
        }
        guard consistency == .linearizable else { return }
        let culprit = history.operations[why.culprit]
        let key = twin.model.key(of: culprit.request)
        let part = history.keeping(
            history.operations.indices.filter {
                history.operations.contains { twin.model.key(of: $0.request) == nil }
                    || twin.model.key(of: history.operations[$0].request) == key
            })
        #expect(twin.isExplained(part.prefix(through: culprit.end! - 1), isRealTime: true), "seed=\(seed)")
        #expect(!twin.isExplained(part.prefix(through: culprit.end!), isRealTime: true), "seed=\(seed)")
    }

    @Test func `a limit makes the verdict unknown`() throws {
        var recorder = HistoryRecorder<QueueModel.Request, QueueModel.Response>()
        let numbers = (0..<12).map { recorder.called(by: "\($0)", .enqueue("\($0)")) }
        for number in numbers { recorder.answered(number, .done) }
        let reader = recorder.called(by: "reader", .dequeue)
        recorder.answered(reader, .value("x"))
        let history = recorder.history
        #expect(
            OrderCheck(.linearizable, of: QueueModel(), limits: CheckLimits(placements: 100)).judge(history).verdict
                == .unknown(.states(100)))
        #expect(
            OrderCheck(.linearizable, of: QueueModel(), limits: CheckLimits(memoryBytes: 1_000)).judge(history).verdict
                == .unknown(.memory(bytes: 1_000)))
        let limits = CheckLimits(elapsed: .milliseconds(5)) { .seconds(1) }
        #expect(
            OrderCheck(.linearizable, of: QueueModel(), limits: limits).judge(history).verdict
                == .unknown(.elapsed(milliseconds: 5)))
    }

    @Test func `an order that explains nothing is not believed`() throws {
        let history = try HistoryDrawing.history(
            "A: [write 1]  [write 2]\nB:             [read → 2]", of: RegisterModel())
        let check = OrderCheck(.linearizable, of: RegisterModel())
        #expect(check.explains([0, 1, 2], history))
        for wrong in [[0, 2, 1], [1, 0, 2], [0, 1], [0, 1, 1, 2], [0, 1, 2, 3], [1, 2, 0]] {
            #expect(!check.explains(wrong, history), "\(wrong)")
        }
    }

    @Test func `a long history needs little more than its length`() {
        var recorder = HistoryRecorder<RegisterModel.Request, RegisterModel.Response>()
        for round in 0..<5_000 {
            let write = recorder.called(by: "A", .write("\(round)"))
            let read = recorder.called(by: "B", .read)
            recorder.answered(read, .value(round % 2 == 0 ? "\(round)" : "\(round - 1)"))
            recorder.answered(write, .written)
        }
        let judgement = OrderCheck(.linearizable, of: RegisterModel()).judge(recorder.history)
        #expect(judgement.verdict == .holds)
        #expect(judgement.placements < 30_000)
    }
}

extension String {
    /// The drawing without the operations that `drops` names, brackets and all.
    fileprivate func replacingOperations(where drops: (String) -> Bool) -> String {
        var result = ""
        var operation: String?
        for character in self {
            switch (character, operation) {
            case ("[", nil): operation = "["
            case ("]", let text?):
                result += drops(text) ? String(repeating: " ", count: text.count + 1) : text + "]"
                operation = nil
            case (_, let text?): operation = text + String(character)
            case (_, nil): result.append(character)
            }
        }
        return result
    }
}
