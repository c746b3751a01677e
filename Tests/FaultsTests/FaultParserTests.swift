import Faults
import Messages
import StateMachines
import Testing

struct FaultParserTests {
    @Test(arguments: [
        ("drop PREPARE to P2", Fault(.drop(MessageSelector(label: "PREPARE", to: "P2")))),
        ("drop COMMIT 1", Fault(.drop(MessageSelector(label: "COMMIT", repetition: .only(1))))),
        ("drop every COMMIT", Fault(.drop(MessageSelector(label: "COMMIT")))),
        ("drop every 3 VOTE", Fault(.drop(MessageSelector(label: "VOTE", repetition: .eachNth(3))))),
        ("drop 2 from C", Fault(.drop(MessageSelector(repetition: .only(2), from: "C")))),
        ("drop", Fault(.drop(MessageSelector()))),
        ("drop 0.25%", Fault(.drop(MessageSelector(partsPerMillion: 2_500)))),
        (
            "delay COMMIT 2 from C to P1 50ms",
            Fault(
                .delay(
                    MessageSelector(label: "COMMIT", repetition: .only(2), from: "C", to: "P1"), by: .milliseconds(50)))
        ),
        ("delay 1s", Fault(.delay(MessageSelector(), by: .seconds(1)))),
        ("partition A, B | C", Fault(.partition([["A", "B"], ["C"]]))),
        ("one-way A > B", Fault(.oneWay(from: "A", to: "B"))),
        ("skew A -150ms", Fault(.skew("A", ClockOffset(microseconds: -150_000)))),
        (
            "crash C after send COMMIT 1",
            Fault(.crash("C"), start: .after(Trigger(.send, label: "COMMIT")))
        ),
        (
            "crash C after receive VOTE 2 from P1 for 300ms",
            Fault(
                .crash("C"), start: .after(Trigger(.receive, label: "VOTE", number: 2, peer: "P1")),
                duration: .milliseconds(300))
        ),
        (
            "crash P1 after send COMMIT from C to P1",
            Fault(.crash("P1"), start: .after(Trigger(.send, label: "COMMIT", node: "C", peer: "P1")))
        ),
        (
            "partition A|B at 120ms for 300ms",
            Fault(.partition([["A"], ["B"]]), start: .at(.milliseconds(120)), duration: .milliseconds(300))
        ),
        ("lose-reply A", Fault(.loseReply("A", .only(1)))),
        ("lose-reply A every", Fault(.loseReply("A", .all))),
        ("expire-session S1 at 2s", Fault(.expireSession("S1"), start: .at(.seconds(2)))),
    ])
    func `a fault means what it says`(text: String, fault: Fault) throws {
        #expect(try Fault(parsing: text) == fault)
        #expect(try Fault(parsing: fault.description) == fault)
    }

    @Test(arguments: FaultWord.allCases)
    func `every example of the table is a fault of its word`(word: FaultWord) throws {
        for example in word.description.examples {
            #expect(try Fault(parsing: example).description.hasPrefix(word.rawValue))
        }
        #expect(!word.description.examples.isEmpty)
    }

    @Test(arguments: [
        ("", 1, nil), ("  ", 3, nil), ("dorp PREPARE", 1, "drop"), ("DROP", 1, "drop"), ("crash", 6, nil),
        ("crash P9", 7, "P1"), ("crash P1 afer send X", 10, "after"), ("crash P1 after sned X", 16, "send"),
        ("crash P1 after", 15, nil), ("crash P1 at soon", 13, nil), ("crash P1 at 5", 13, nil),
        ("crash P1 at 99999999999999999999s", 13, nil), ("crash P1 at 9999999999s", 13, nil),
        ("drop PREPAER to P2", 6, "PREPARE"), ("drop VOTE 0", 11, nil), ("drop every 1 VOTE", 12, nil),
        ("drop every 2 VOTE 1", 19, nil), ("drop 0%", 6, nil), ("drop 101%", 6, nil), ("drop 1.23456%", 6, nil),
        ("drop from C from C", 13, nil), ("drop VOTE from", 15, nil), ("drop VOTE form C", 11, "from"),
        ("delay VOTE", 11, nil), ("partition C", 12, nil), ("partition C,P1|C", 16, nil), ("partition C|", 13, nil),
        ("one-way C", 10, nil), ("one-way C>C", 11, nil), ("skew C 2s", 8, nil), ("heal for 2s", 6, nil),
        ("crash C at 1s at 2s", 15, nil), ("crash C for 1s for 2s", 16, nil), ("heal C", 6, nil),
        ("drop VOTE 1 every 2", 13, nil), ("drop every VOTE every 1", 23, nil),
        ("expire-session S", 1, nil), ("crash C after persist VOTE from P1", 28, nil), ("crash C, P1", 8, nil),
    ])
    func `an error names the column and the nearest word`(text: String, column: Int, nearest: String?) throws {
        let context = FaultContext.simulated(nodes: ["C", "P1", "P2"], labels: ["PREPARE", "VOTE", "COMMIT"])
        let error = #expect(throws: FaultSyntaxError.self) { try Fault(parsing: text, in: context) }
        #expect(error?.column == column)
        #expect(error?.nearest == nearest)
        for language in Language.allCases {
            #expect(error?.message.text(in: language).contains("\n  \(text)\n") == true)
        }
    }

    @Test(arguments: ["drop every 3 VOTE to P1", "drop VOTE to P1 every 3", "drop VOTE every 3 to P1"])
    func `every stands in front or behind`(text: String) throws {
        let fault = try Fault(parsing: text)
        #expect(fault.action == .drop(MessageSelector(label: "VOTE", repetition: .eachNth(3), to: "P1")))
        #expect(fault.description == "drop every 3 VOTE to P1")
    }

    @Test(arguments: FaultWord.allCases)
    func `a word works on real servers, or the refusal and the page say why not`(word: FaultWord) throws {
        let context = FaultContext.ensemble(nodes: ["A", "B", "C"])
        let row = word.description
        guard let obstacle = row.obstacle else { return #expect(context.words.contains(word)) }
        let error = #expect(throws: FaultSyntaxError.self) { try Fault(parsing: row.examples[0], in: context) }
        for language in Language.allCases {
            let reason = obstacle.text(in: language)
            #expect(error?.message.text(in: language).contains(reason) == true)
            #expect(FaultReference.page(in: language).contains(reason))
        }
    }

    @Test func `the caret stands under the mistake, in both languages`() throws {
        let error = #expect(throws: FaultSyntaxError.self) {
            try Fault(parsing: "crash 协调 afer send X", in: FaultContext())
        }
        #expect(
            error?.message.text(in: .english) == """
                Column 10: ‘afer’ does not fit here. Expected here: ‘at’, ‘after’, ‘for’ or the end. Did you mean ‘after’?
                  crash 协调 afer send X
                             ^
                """)
        #expect(
            error?.message.text(in: .chinese) == """
                第 10 列：这里不应出现“afer”。这里应为：at、after、for 或结尾。是不是想写“after”？
                  crash 协调 afer send X
                             ^
                """)
    }
}

struct FaultRoundTripTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `what is printed parses to the same fault`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let fault = random.fault()
            #expect(try Fault(parsing: fault.description) == fault, "seed=\(seed): \(fault)")
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `no text makes the parser trap, and columns stay within the line`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces =
            FaultWord.allCases.map(\.rawValue) + [
                "A", "B", ",", "|", ">", "5%", "7", "0", "+2s", "-1ms", "3ms", "at", "after", "for", "from", "to", "by",
                "every", "send", "receive", "协调", "%", "+", "18446744073709551615s", ".", " ",
            ]
        for _ in 0..<500 {
            let text = (0...random.uniform(in: 0...6)).map { _ in random.pick(pieces) }.joined(separator: " ")
            do {
                let fault = try Fault(parsing: text)
                #expect(try Fault(parsing: fault.description) == fault, "seed=\(seed): \(text)")
            } catch {
                #expect((1...text.count + 1).contains(error.column), "seed=\(seed): \(text)")
            }
        }
    }
}

extension SplitMix64 {
    fileprivate mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(uniform(in: 0...UInt64(elements.count - 1)))]
    }

    fileprivate mutating func maybe<Value>(_ value: Value) -> Value? { chance(partsPerMillion: 500_000) ? value : nil }

    fileprivate mutating func time() -> Tick {
        .microseconds(uniform(in: 0...5_000) * pick([1, 1_000, 1_000_000]))
    }

    fileprivate mutating func name() -> String { pick(["A", "B", "P1", "server-2", "节点", "a.b", "_x"]) }

    fileprivate mutating func selector() -> MessageSelector {
        let repetition = pick([Repetition.all, .only(Int(uniform(in: 1...9))), .eachNth(Int(uniform(in: 2...9)))])
        let (label, chance, from, to) = (pick(["VOTE", "COMMIT", "x-1"]), uniform(in: 1...1_000_000), name(), name())
        return MessageSelector(
            label: maybe(label), repetition: repetition, partsPerMillion: maybe(chance), from: maybe(from),
            to: maybe(to))
    }

    fileprivate mutating func action() -> FaultAction {
        switch pick(FaultWord.allCases) {
        case .drop: .drop(selector())
        case .delay: .delay(selector(), by: time())
        case .duplicate: .duplicate(selector())
        case .reorder: .reorder(selector())
        case .partition: pick([.partition([["A", "B"], ["C"]]), .partition([["A"], ["B"], ["C", "D"]])])
        case .oneWay: .oneWay(from: "A", to: "B")
        case .isolate: .isolate(name())
        case .heal: .heal
        case .crash: .crash(name())
        case .restart: .restart(name())
        case .pause: .pause(name())
        case .resume: .resume(name())
        case .skew: .skew(name(), ClockOffset(microseconds: pick([-1, 1]) * Int64(time().microseconds)))
        case .loseUnsynced: .loseUnsynced(name())
        case .expireSession: .expireSession(name())
        case .loseReply: .loseReply(name(), pick([.all, .only(1), .only(4), .eachNth(2)]))
        }
    }

    fileprivate mutating func fault() -> Fault {
        let action = action()
        let kind = pick(Trigger.Kind.allCases)
        let isMessage = kind == .send || kind == .receive
        let (label, node, peer) = (pick(["VOTE", "commit"]), name(), name())
        let trigger = Trigger(
            kind, label: maybe(label), number: Int(uniform(in: 1...5)), node: maybe(node),
            peer: isMessage ? maybe(peer) : nil)
        let start = pick([FaultStart.immediately, .at(time()), .after(trigger)])
        let mayLast = FaultWord(rawValue: String(action.description.prefix { $0 != " " }))?.description.mayLast ?? false
        let duration = time()
        return Fault(action, start: start, duration: mayLast ? maybe(duration) : nil)
    }
}
