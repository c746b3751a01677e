import Foundation
import Messages
import StateMachines
import Testing
import TraceFiles
import Traces

struct TraceFileTests {
    private static let header = #"{"format":"zoolab-trace","version":1,"protocol":"p","nodes":["A","B"]}"# + "\n"

    private static func decode(_ text: String) throws -> Trace {
        try TraceFile.decode(Data(text.utf8), name: "run.jsonl")
    }

    @Test func `bytes are fixed, field by field`() {
        let trace = Trace(
            header: TraceHeader(
                protocolName: "two-phase-commit", nodes: ["C", "P1"], seed: .max, title: "A \"quoted\" 标题",
                parameters: [.init(name: "variant", value: "presumed abort"), .init(name: "delay", value: "3")]),
            events: [
                Event(
                    order: 1, time: .microseconds(1_500), kind: .send, node: "C", peer: "P1", id: "C.0.1.0", cause: nil,
                    label: "PREPARE", payload: "tab\tline\nbell\u{7}", state: "waiting"),
                Event(order: 2, time: .milliseconds(7), kind: .receive, node: "P1", id: "C.0.1.0", cause: 1),
            ])
        #expect(
            String(decoding: TraceFile.encode(trace), as: UTF8.self) == #"""
                {"format":"zoolab-trace","version":1,"protocol":"two-phase-commit","nodes":["C","P1"],"seed":18446744073709551615,"title":"A \"quoted\" 标题","delay":"3","variant":"presumed abort"}
                {"n":1,"t":1.5,"kind":"send","node":"C","peer":"P1","id":"C.0.1.0","label":"PREPARE","payload":"tab\tline\nbell\u0007","state":"waiting"}
                {"n":2,"t":7,"kind":"receive","node":"P1","id":"C.0.1.0","cause":1}

                """#)
    }

    @Test(arguments: [1, 7, 42, 2_026] as [UInt64])
    func `what is written is read back`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<20 {
            let trace = RandomTrace.make(using: &random)
            let bytes = TraceFile.encode(trace)
            let read = try TraceFile.decode(Data(bytes), name: "random")
            #expect(read == trace, "seed=\(seed)")
            #expect(TraceFile.encode(read) == bytes, "seed=\(seed)")
        }
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `a line means the same however it is spaced`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<20 {
            let trace = RandomTrace.make(using: &random)
            let lines = String(decoding: TraceFile.encode(trace), as: UTF8.self).split(separator: "\n")
            let spaced = lines.map { " " + $0.replacing("{\"n\":", with: "{ \"n\" : ") + "\n" }.joined()
            #expect(try Self.decode(spaced) == trace, "seed=\(seed)")
        }
    }

    @Test func `a foreign trace with the four required fields is read`() throws {
        let trace = try Self.decode(
            "\u{FEFF}" + #"{"format":"zoolab-trace","version":1,"host":{"b":[1,true,null],"a":2.5},"n":3}"# + "\r\n"
                + #"{"kind":"note","node":"B","n":4,"t":0.25,"other":[1]}"# + "\r\n\r\n"
                + #"{"n":9,"t":3,"kind":"note","node":"A","state":{"y":1,"x":"v"},"payload":null}"#)
        #expect(trace.header.nodes == ["B", "A"])
        #expect(
            trace.header.parameters == [
                .init(name: "host", value: #"{"a":2.5,"b":[1,true,null]}"#), .init(name: "n", value: "3"),
            ])
        #expect(trace.events.map(\.time) == [.microseconds(250), .milliseconds(3)])
        #expect(trace.events[1].state == #"{"x":"v","y":1}"#)
        #expect(trace.events[1].payload == nil)
    }

    struct BadInput: Sendable, CustomTestStringConvertible {
        var text: String
        /// What the English sentence must contain, in order.
        var expected: [String]
        var testDescription: String { expected.joined(separator: " ") }
        init(_ text: String, _ expected: String...) { (self.text, self.expected) = (text, expected) }
        /// A bad event line after a good header.
        static func event(_ line: String, _ expected: String...) -> BadInput {
            var input = BadInput(TraceFileTests.header + line + "\n")
            input.expected = expected
            return input
        }
    }

    private static let send = #"{"n":1,"t":5,"kind":"send","node":"A","peer":"B","id":"m"}"# + "\n"

    @Test(arguments: [
        BadInput("", "run.jsonl: the file is empty"),
        BadInput("\n", "run.jsonl: the file is empty"),
        BadInput("hello\n", "line 1: not a JSON object", "one JSON object on each line"),
        BadInput("[]\n", "line 1: not a JSON object"),
        BadInput("{}\n", "line 1: the first line must say"),
        BadInput(#"{"format":"other"}"# + "\n", #"the first line must say "format":"zoolab-trace", not "other""#),
        BadInput(#"{"format":"zoolab-trace"}"# + "\n", #"field "version" is missing"#),
        BadInput(#"{"format":"zoolab-trace","version":2}"# + "\n", "version 2", "reads version 1", "Use the zoolab"),
        BadInput(#"{"format":"zoolab-trace","version":1,"nodes":"A"}"# + "\n", #"field "nodes" is "A""#),
        BadInput(#"{"format":"zoolab-trace","version":1,"nodes":["A","A"]}"# + "\n", #"field "nodes" is ["A","A"]"#),
        BadInput(#"{"format":"zoolab-trace","version":1,"seed":-1}"# + "\n", #"field "seed" is -1"#),
        BadInput(#"{"format":"zoolab-trace","version":1,"title":7}"# + "\n", #"field "title" is 7"#),
        .event(#"{"n":1,"t":0,"kind":"note"}"#, "line 2", #"field "node" is missing"#, "name of a node"),
        .event(#"{"n":"1","t":0,"kind":"note","node":"A"}"#, #"field "n" is "1"; it must be a whole number"#),
        .event(#"{"n":1.5,"t":0,"kind":"note","node":"A"}"#, #"field "n" is 1.5"#),
        .event(#"{"n":-1,"t":0,"kind":"note","node":"A"}"#, #"field "n" is -1"#),
        .event(#"{"n":1,"t":-0.5,"kind":"note","node":"A"}"#, #"field "t" is -0.5"#, "milliseconds from 0"),
        .event(#"{"n":1,"t":1e300,"kind":"note","node":"A"}"#, #"field "t" is 1e+300"#),
        .event(#"{"n":1,"t":true,"kind":"note","node":"A"}"#, #"field "t" is true"#),
        .event(#"{"n":1,"t":0,"kind":"recieve","node":"A"}"#, #"field "kind" is "recieve""#, "one of send, receive"),
        .event(#"{"n":1,"t":0,"kind":"note","node":""}"#, #"field "node" is """#),
        .event(#"{"n":1,"t":0,"kind":"note","node":"A","label":3}"#, #"field "label" is 3; it must be text"#),
        .event(#"{"n":1,"t":0,"kind":"note","node":"A","cause":1}"#, #"field "cause" is 1"#, "earlier event, below 1"),
        .event(#"{"n":1,"t":0,"kind":"receive","node":"A"}"#, #"field "id" is missing"#, "earlier line"),
        .event(#"{"n":1,"t":0,"kind":"drop","node":"A","id":"x"}"#, #"field "id" is "x""#, "earlier line"),
        .event(#"{"n":1,"t":0,"kind":"note","node":"A"},"#, "line 2: not a JSON object"),
        .event(#"{"n":01,"t":0,"kind":"note","node":"A"}"#, "line 2: not a JSON object"),
        .event(#"{"n":1,"t":1.,"kind":"note","node":"A"}"#, "line 2: not a JSON object"),
        .event(#"{"n":1,"t":2251799813686,"kind":"note","node":"A"}"#, #"field "t" is"#),
        BadInput(header + send + send.replacing("\"n\":1", with: "\"n\":2"), "line 3", "no earlier send has used"),
        BadInput(header + send + send.replacing("m", with: "k"), "line 3", #"field "n" is 1"#, "greater than the 1"),
        BadInput(header + send + #"{"n":2,"t":4,"kind":"note","node":"A"}"#, #"field "t" is 4"#, "at least 5", "sort"),
        BadInput(header + send + #"{"n":2,"t":9,"kind":"no"#, "line 3: the last line is cut off", "Delete this line"),
    ])
    func `bad input is named by line and field`(input: BadInput) throws {
        let failure = #expect(throws: TraceFileFailure.self) { try Self.decode(input.text) }
        let sentence = try #require(failure).message
        var rest = sentence.english[...]
        for part in input.expected {
            let found = try #require(rest.firstRange(of: part), "‘\(part)’ not in ‘\(sentence.english)’")
            rest = rest[found.upperBound...]
        }
        #expect(sentence.chinese.hasPrefix("run.jsonl"))
        #expect(sentence.chinese != sentence.english)
    }

    @Test func `bytes that are not UTF-8 are counted`() {
        let bytes =
            Data(Self.header.utf8) + Data(#"{"n":1,"t":0,"kind":"note","node":"é"#.utf8)
            + Data([0xFF, 0x22, 0x7D, 0x0A])
        let failure = #expect(throws: TraceFileFailure.self) { try TraceFile.decode(bytes, name: "x") }
        #expect(failure == TraceFileFailure(file: "x", line: 2, problem: .notUTF8(column: 38)))
    }

    @Test func `every prefix of a good file is read or refused, never trapped`() throws {
        var random = SplitMix64(seed: 5)
        let bytes = TraceFile.encode(RandomTrace.make(using: &random))
        for length in 0..<min(bytes.count, 1_500) {
            _ = try? TraceFile.decode(Data(bytes.prefix(length)), name: "x")
        }
    }

    @Test func `files are written whole and missing ones are named`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-trace-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var random = SplitMix64(seed: 3)
        let trace = RandomTrace.make(using: &random)
        let path = folder.appending(path: "run.jsonl").path
        try TraceFile.write(trace, path: path)
        #expect(try TraceFile.read(path: path) == trace)
        let missing = #expect(throws: TraceFileFailure.self) { try TraceFile.read(path: path + "x") }
        #expect(missing?.problem == .noSuchFile)
        let inside = #expect(throws: TraceFileFailure.self) { try TraceFile.read(path: folder.path) }
        #expect(inside?.problem == .isFolder)
        #expect(throws: TraceFileFailure.self) { try TraceFile.write(trace, path: folder.path + "/no/run.jsonl") }
    }
}

/// Traces that use every kind and every awkward character.
enum RandomTrace {
    private static let words = ["", "x", "é", "中文", "\"\\/\u{0}\u{1F}\u{7F}", "\u{2028}🐘", "{\"a\":1}", "line\r\n"]

    static func make(using random: inout SplitMix64) -> Trace {
        var trace = Trace(
            header: TraceHeader(
                protocolName: pick(&random), nodes: ["A", "B", "节点"], seed: maybe(random.next(), &random),
                title: maybe(pick(&random), &random),
                parameters: (0..<random.uniform(in: 0...3)).map { .init(name: "field\($0)", value: pick(&random)) }))
        var sent: [String] = []
        var time = Tick.zero
        for order in 1...Int(random.uniform(in: 1...40)) {
            time = time + Tick(microseconds: random.uniform(in: 0...1_500) * random.uniform(in: 0...900))
            var kind = EventKind.allCases[Int(random.uniform(in: 0...UInt64(EventKind.allCases.count - 1)))]
            var id = maybe("m\(order)" + pick(&random), &random)
            if [.receive, .drop, .duplicate].contains(kind) {
                id = sent.isEmpty ? nil : sent[Int(random.uniform(in: 0...UInt64(sent.count - 1)))]
                if sent.isEmpty { kind = .note }
            }
            if kind == .send, let id { sent.append(id) }
            trace.events.append(
                Event(
                    order: order, time: time, kind: kind, node: "节点", peer: maybe("B", &random), id: id,
                    cause: order > 1 ? maybe(order - 1, &random) : nil, label: maybe(pick(&random), &random),
                    payload: maybe(pick(&random), &random), state: maybe(pick(&random), &random)))
        }
        return trace
    }

    private static func pick(_ random: inout SplitMix64) -> String {
        words[Int(random.uniform(in: 0...UInt64(words.count - 1)))]
    }

    private static func maybe<Value>(_ value: Value, _ random: inout SplitMix64) -> Value? {
        random.chance(partsPerMillion: 500_000) ? value : nil
    }
}
