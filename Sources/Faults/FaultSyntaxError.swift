package import Messages

/// A fault that cannot be understood: where, what was expected, and what was probably meant.
package struct FaultSyntaxError: LocalizedFailure, Hashable {
    /// The whole text.
    package var line: String
    /// Of the first character that does not fit, from 1, counted in characters. One past the end: something is missing.
    package var column: Int
    package var problem: LocalizedText
    package var expected: LocalizedText?
    package var nearest: String?

    package var message: LocalizedText {
        FaultMessages.report(problem, line: line, column: column, expected: expected, nearest: nearest)
    }
}
