import Checking
import StateMachines
import Testing
import Traces

struct HistoryTests {
    @Test func `calls and answers of a trace become operations`() throws {
        let history = try HistoryDrawing.history(
            """
            A: [write 1 → ok ]   [cas 1 2 → no]
            B:     [read → nil]     [read → unknown]
            C:     [write 3 → failed]  [read…
            """, of: RegisterModel())
        #expect(history.clients == ["A", "B", "C"])
        #expect(
            history.operations.map { RegisterModel().text(of: $0) }
                == ["write 1 → ok", "read → nil", "cas 1 2 → no", "read → ?", "read → ?"])
        #expect(history.operations.map(\.begin) == [0, 1, 5, 6, 7])
        #expect(history.operations.map(\.end) == [3, 4, 8, nil, nil])
        #expect(history.concurrency == 3)
        #expect(history.operations[0].precedes(history.operations[2]))
        #expect(!history.operations[0].precedes(history.operations[1]))
    }

    @Test func `an answer without words came, whatever it was; a payload is a version`() throws {
        let trace = Trace(
            header: TraceHeader(protocolName: "", nodes: []),
            events: [
                Event(order: 1, time: .zero, kind: .invoke, node: "A", label: "read"),
                Event(order: 2, time: .zero, kind: .note, node: "A", label: "not an operation"),
                Event(order: 3, time: .zero, kind: .respond, node: "A"),
                Event(order: 4, time: .zero, kind: .invoke, node: "A", label: "write 2"),
                Event(order: 5, time: .zero, kind: .respond, node: "A", label: "ok", payload: "17"),
            ])
        let history = try History(trace, as: RegisterModel())
        #expect(history.operations.map(\.end) == [1, 3])
        #expect(history.operations.map(\.response) == [nil, .written])
        #expect(history.operations.map(\.version) == [nil, 17])
    }

    @Test func `a prefix knows nothing of later answers`() throws {
        let history = try HistoryDrawing.history(
            "A: [write 1]    [read → 1]\nB:     [read → nil     ]", of: RegisterModel())
        let prefix = history.prefix(through: 2)
        #expect(prefix.operations.map(\.end) == [2, nil])
        #expect(prefix.operations.map(\.response) == [.written, nil])
    }

    @Test(arguments: [
        ("A: [wipe]", HistoryFailure.Problem.unknownRequest("wipe", model: "register", grammar: RegisterModel.grammar)),
        ("A: [write]", .unknownRequest("write", model: "register", grammar: RegisterModel.grammar)),
        ("A: [read 3]", .unknownRequest("read 3", model: "register", grammar: RegisterModel.grammar)),
        ("A: [cas 3]", .unknownRequest("cas 3", model: "register", grammar: RegisterModel.grammar)),
        ("A: [cas 3 4 → perhaps]", .unknownAnswer("perhaps", request: "cas 3 4")),
        ("A: [write 3 → 3]", .unknownAnswer("3", request: "write 3")),
    ])
    func `what is not in the grammar is named`(drawing: String, problem: HistoryFailure.Problem) {
        #expect {
            try HistoryDrawing.history(drawing, of: RegisterModel())
        } throws: { ($0 as? HistoryFailure)?.problem == problem }
    }

    @Test func `answers without calls and calls in calls are named`() {
        func problem(_ kinds: [EventKind]) -> HistoryFailure? {
            let events = kinds.enumerated().map {
                Event(order: $0 + 1, time: .zero, kind: $1, node: "A", label: $1 == .invoke ? "read" : "1")
            }
            do {
                _ = try History(
                    Trace(header: TraceHeader(protocolName: "", nodes: []), events: events), as: RegisterModel())
                return nil
            } catch { return error }
        }
        #expect(problem([.invoke, .respond]) == nil)
        #expect(problem([.respond]) == HistoryFailure(.event(1), .nothingAsked(client: "A")))
        #expect(problem([.invoke, .invoke]) == HistoryFailure(.event(2), .stillBusy(client: "A")))
    }

    @Test func `requests and answers are read as they are written`() {
        func check<Model: SequentialModel>(_ model: Model, _ requests: [(Model.Request, [Model.Response])]) {
            for (request, responses) in requests {
                #expect(model.request(Words(model.text(of: request)), by: "A") == request)
                for response in responses { #expect(model.response(model.text(of: response), to: request) == response) }
            }
        }
        check(
            RegisterModel(),
            [
                (.read, [.value(nil), .value("a b")]), (.write("a b"), [.written]),
                (.compareAndSet(expected: nil, new: "x y"), [.compared(true), .compared(false)]),
            ])
        check(QueueModel(), [(.enqueue("a b"), [.done]), (.dequeue, [.value("a b"), .value(nil)])])
        check(LockModel(), [(.init(.acquire, by: "A"), [true, false]), (.init(.release, "l", by: "A"), [true])])
        check(
            SetModel(),
            [
                (.add("a"), [.changed(true)]), (.remove("a"), [.changed(false)]),
                (.read, [.elements([]), .elements(["a", "b"])]),
            ])
        check(CounterModel(), [(.add(-3), [.done]), (.increment, [.number(1)]), (.read, [.number(-3)])])
        check(
            KeyValueModel(),
            [
                (.get(key: "k"), [.value(""), .value("a b")]), (.put(key: "k", value: "a b"), [.done]),
                (.append(key: "k", value: ""), [.done]),
            ])
    }

    // MARK: Logs of other checkers

    @Test func `a log of Jepsen's`() throws {
        let history = try RecordedLogs.jepsen(
            """
            INFO  jepsen.core - hello
            INFO  jepsen.util - 0\t:invoke\t:write\t3
            INFO  jepsen.util - 1\t:invoke\t:cas\t[nil 2]
            INFO  jepsen.util - 2\t:invoke\t:read\tnil
            INFO  jepsen.util - 0\t:info\t:write\t:timed-out
            INFO  jepsen.util - 1\t:fail\t:cas\t[nil 2]
            INFO  jepsen.util - 2\t:fail\t:read\t:timed-out
            INFO  jepsen.util - 2\t:invoke\t:read\tnil
            INFO  jepsen.util - 2\t:ok\t:read\t3

            """)
        #expect(
            history.operations.map { RegisterModel().text(of: $0) } == ["write 3 → ?", "cas nil 2 → no", "read → 3"])
        #expect(history.operations.map { history.clients[$0.client] } == ["0", "1", "2"])
    }

    @Test func `a log of Porcupine's`() throws {
        let history = try RecordedLogs.keyValue(
            """
            {:process 0, :type :invoke, :f :append, :key "3", :value "x, 0"}
            {:process 1, :type :invoke, :f :get, :key "3", :value nil}
            {:process 0, :type :ok, :f :append, :key "3", :value "x, 0"}
            {:process 1, :type :ok, :f :get, :key "3", :value ""}
            {:process 1, :type :invoke, :f :put, :key "4", :value "b"}
            """)
        #expect(
            history.operations.map { KeyValueModel().text(of: $0) }
                == ["append 3 x, 0 → ok", "get 3 → nil", "put 4 b → ?"])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `no reader traps, whatever the text`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let logs = [
            "INFO  jepsen.util - 1\t:invoke\t:cas\t[nil 2]\nINFO  jepsen.util - 1\t:ok\t:cas\t[nil 2]\n",
            "{:process 0, :type :invoke, :f :append, :key \"3\", :value \"x, 0\"}\n{:process 0, :type :ok, :f :append}\n",
        ]
        for round in 0..<200 {
            var bytes = Array(logs[round % 2].utf8)
            for _ in 0...random.uniform(in: 0...3) {
                let place = Int(random.uniform(in: 0...UInt64(bytes.count - 1)))
                switch random.uniform(in: 0...2) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                default: bytes.insert(bytes[Int(random.uniform(in: 0...UInt64(bytes.count - 1)))], at: place)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? RecordedLogs.jepsen(text)
            _ = try? RecordedLogs.keyValue(text)
            for words in text.split(separator: "\n").map({ Words(String($0)) }) {
                _ = SetModel().request(words, by: "A")
                _ = KeyValueModel().request(words, by: "A")
            }
        }
    }

    @Test(arguments: [
        "INFO  jepsen.util - 0\t:invoke", "INFO  jepsen.util - 0\t:invoke\t:fly\t3",
        "INFO  jepsen.util - 0\t:ok\t:read\t3",
        "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2", "INFO  jepsen.util - 0\t:invoke\t:cas\t[1]",
        "INFO  jepsen.util - 0\t:perhaps\t:read\t3",
        "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:invoke\t:read\tnil",
    ])
    func `a broken log of Jepsen's`(text: String) {
        #expect(throws: HistoryFailure.self) { try RecordedLogs.jepsen(text) }
    }

    @Test(arguments: [
        "{", "{}", "{:process}", "{:process 0 :type}", "{:process 0, :type :invoke}",
        "{:process 0, :type :ok, :f :get}",
        "{:process 0, :type :invoke, :f :put, :key \"3\", :value nil}", "{:process 0, :type :invoke, :f :get, :key \"3",
        "{:process 0, :type :invoke, :f :get, :key \"3}", "process 0",
        "{:process 0, :type :invoke, :f :get, :key \"3\"}\n{:process 0, :type :maybe, :f :get, :key \"3\"}",
    ])
    func `a broken log of Porcupine's`(text: String) {
        #expect(throws: HistoryFailure.self) { try RecordedLogs.keyValue(text) }
    }
}
