package import Messages

/// A trace file that could not be read or written: which file, which line and field, and what to do.
package struct TraceFileFailure: LocalizedFailure, Equatable {
    package var file: String
    /// From 1; `nil` where the file as a whole is the problem.
    package var line: Int?
    package var problem: Problem

    package enum Problem: Equatable, Sendable {
        case noSuchFile
        case isFolder
        case noPermission
        case noFolder
        case noSpace
        case systemRefused(String)
        case tooLarge(limit: Int)
        case empty
        /// The first offending byte of the line, from 1.
        case notUTF8(column: Int)
        case notJSON
        /// The last line breaks off without a line feed.
        case cutOff
        case notATrace(found: String?)
        case notAReplay
        case noOutcome
        case wrongVersion(found: String)
        case missingField(String, expected: LocalizedText)
        case wrongField(String, found: String, expected: LocalizedText)
    }

    package init(file: String, line: Int? = nil, problem: Problem) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    package var message: LocalizedText {
        TraceFileMessages.located(file: file, line: line, sentence)
    }

    private var sentence: LocalizedText {
        switch problem {
        case .noSuchFile: TraceFileMessages.noSuchFile
        case .isFolder: TraceFileMessages.isFolder
        case .noPermission: TraceFileMessages.noPermission
        case .noFolder: TraceFileMessages.noFolder
        case .noSpace: TraceFileMessages.noSpace
        case .systemRefused(let reason): TraceFileMessages.systemRefused(reason)
        case .tooLarge(let limit): TraceFileMessages.tooLarge(limit: limit)
        case .empty: TraceFileMessages.empty
        case .notUTF8(let column): TraceFileMessages.notUTF8(column: column)
        case .notJSON: TraceFileMessages.notJSON
        case .cutOff: TraceFileMessages.cutOff
        case .notATrace(let found): TraceFileMessages.notATrace(found: found)
        case .notAReplay: TraceFileMessages.notAReplay
        case .noOutcome: TraceFileMessages.noOutcome
        case .wrongVersion(let found):
            TraceFileMessages.wrongVersion(found: found, supported: TraceFile.supportedVersion)
        case .missingField(let field, let expected): TraceFileMessages.missingField(field, expected: expected)
        case .wrongField(let field, let found, let expected):
            TraceFileMessages.wrongField(field, found: found, expected: expected)
        }
    }
}
