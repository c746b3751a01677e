import CoordinationCore
import CoordinationServer
import Faults
import Foundation
import JavaFormats
import Messages
import StateMachines
import TraceFiles

/// Files that people and other programs write as text.
enum TextFuzzing {
    /// Whatever a `zoo.cfg` says is understood or refused with a sentence; a line written as Java's properties are reads
    /// the same.
    static func checkConfiguration(_ input: [UInt8]) throws(FuzzFinding) {
        let text = String(decoding: input, as: UTF8.self)
        for property in PropertyLines(text) {
            var lines = PropertyLines(property.escaped)
            guard let again = lines.next(), lines.next() == nil else {
                throw FuzzFinding("one property is one line: \(property)")
            }
            try demand(again.key == property.key && again.value == property.value, "\(property) reads as \(again)")
        }
        // Its value names a file to be read, and there are files that never end.
        guard !text.contains("java.security") else { return }
        let configuration: ZooConfiguration
        do throws(ConfigurationFailure) {
            configuration = try ZooConfiguration(text, file: "zoo.cfg") { _ in text }
        } catch {
            return try demand(!error.message.english.isEmpty && !error.message.chinese.isEmpty, "a refusal says why")
        }
        try demand(configuration.options.core.sessionTimeouts.lowerBound > 0, "timeouts are positive")
        try demand(configuration.options.core.tickTime > .zero, "ticks are positive")
    }

    /// What was read and is written again reads the same.
    static func checkTrace(_ input: [UInt8]) throws(FuzzFinding) {
        guard let trace = try? TraceFile.decode(Data(input), name: "trace") else { return }
        let bytes = TraceFile.encode(trace)
        let again = try promised("a trace that was written can be read") {
            try TraceFile.decode(Data(bytes), name: "trace")
        }
        try demand(again == trace, "a trace that was written reads the same")
        try demand(TraceFile.encode(again) == bytes, "equal traces are equal bytes")
    }

    /// The same for replays.
    static func checkReplay(_ input: [UInt8]) throws(FuzzFinding) {
        guard let replay = try? ReplayCoding.decode(Data(input), name: "replay") else { return }
        let bytes = ReplayCoding.encode(replay)
        let again = try promised("a replay that was written can be read") {
            try ReplayCoding.decode(Data(bytes), name: "replay")
        }
        try demand(again == replay, "a replay that was written reads the same")
        try demand(ReplayCoding.encode(again) == bytes, "equal replays are equal bytes")
    }

    /// A fault's text is the same fault.
    static func checkFault(_ input: [UInt8]) throws(FuzzFinding) {
        guard let fault = try? Fault(parsing: String(decoding: input, as: UTF8.self)) else { return }
        let again = try promised("\(fault) can be read") { try Fault(parsing: fault.description) }
        try demand(again == fault, "\(fault) reads as \(again)")
    }
}

extension PropertyLines.Property {
    /// As Java's `Properties.store` might write it.
    fileprivate var escaped: String { Self.escaped(key) + "=" + Self.escaped(value) }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && scalar.properties.isAlphabetic
            guard !isPlain, scalar.value <= 0xFFFF else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
