import StateMachines
import Traces

/// Reads an event's line of exactly the shape that `TraceFile` writes: fields in order, no spaces, no escapes.
///
/// Nearly every line of a trace is one, and reading it this way takes a tenth of what the coder takes. Anything else,
/// however slightly different, is left to the coder, which also explains what is wrong.
struct CanonicalLine {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// - Parameter bytes: one line without its line feed; must outlive the value.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The event; `nil` where the line has another shape.
    mutating func event() -> Event? {
        guard skip("{\"n\":"), let order = integer(), skip(",\"t\":"), let time = milliseconds(),
            skip(",\"kind\":"), let kind = string().flatMap(EventKind.init(rawValue:)),
            skip(",\"node\":"), let node = string(), !node.isEmpty
        else { return nil }
        var event = Event(order: order, time: time, kind: kind, node: node)
        if skip(",\"peer\":") { guard read(into: &event.peer) else { return nil } }
        if skip(",\"id\":") { guard read(into: &event.id) else { return nil } }
        if skip(",\"cause\":") {
            guard let cause = integer() else { return nil }
            event.cause = cause
        }
        if skip(",\"label\":") { guard read(into: &event.label) else { return nil } }
        if skip(",\"payload\":") { guard read(into: &event.payload) else { return nil } }
        if skip(",\"state\":") { guard read(into: &event.state) else { return nil } }
        return skip("}") && position == bytes.count ? event : nil
    }

    private mutating func read(into field: inout String?) -> Bool {
        field = string()
        return field != nil
    }

    /// Moves past these bytes if they are next.
    private mutating func skip(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard position + length <= bytes.count else { return false }
        let isNext = text.withUTF8Buffer { wanted in
            for index in 0..<length where bytes[position + index] != wanted[index] { return false }
            return true
        }
        if isNext { position += length }
        return isNext
    }

    /// Digits, at most fifteen, as JSON writes them: without a needless zero in front.
    private mutating func integer() -> Int? {
        let start = position
        var value = 0
        while position < bytes.count, case let digit = bytes[position], 0x30...0x39 ~= digit {
            value = value * 10 + Int(digit - 0x30)
            position += 1
            if position - start > 15 { return nil }
        }
        let length = position - start
        return length == 0 || (length > 1 && bytes[start] == 0x30) ? nil : value
    }

    /// Milliseconds with at most three digits of a fraction, and not later than a trace may be.
    private mutating func milliseconds() -> Tick? {
        guard let whole = integer(), Double(whole) < TraceReader.latestMilliseconds - 1 else { return nil }
        var microseconds = UInt64(whole) * 1_000
        if skip(".") {
            var unit: UInt64 = 100
            let start = position
            while position < bytes.count, case let digit = bytes[position], 0x30...0x39 ~= digit {
                microseconds += UInt64(digit - 0x30) * unit
                unit /= 10
                position += 1
            }
            guard (1...3).contains(position - start) else { return nil }
        }
        return Tick(microseconds: microseconds)
    }

    /// Text in quotes without escapes; `nil` too where it is not UTF-8.
    private mutating func string() -> String? {
        guard skip("\"") else { return nil }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let text = String(validating: bytes[start..<position], as: UTF8.self)
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") || byte < 0x20 { return nil }
            position += 1
        }
        return nil
    }
}
