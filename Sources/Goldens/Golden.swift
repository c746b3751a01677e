import Foundation

/// A recorded text that a test compares with, in the folder `Goldens` beside the test unless told otherwise.
///
/// `RECORD_GOLDENS=1` writes it anew, and the comparison fails all the same, so that someone reads the difference.
package enum Golden {
    /// - Parameters:
    ///   - name: the golden's path below `folder`.
    ///   - folder: relative to the folder of `file`.
    ///   - file: the test that asks.
    /// - Returns: what differs, to be shown; nil where nothing does.
    package static func difference(
        _ text: String, _ name: String, in folder: String = "Goldens", beside file: String = #filePath
    ) throws -> String? {
        let place = place(of: name, in: folder, beside: file)
        if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: place)
            return "\(name) was recorded; read the difference, and run again without RECORD_GOLDENS"
        }
        let golden = try String(contentsOf: place, encoding: .utf8)
        guard text != golden else { return nil }
        let (got, wanted) = (lines(of: text), lines(of: golden))
        guard let number = zip(got, wanted).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset else {
            return "\(name): \(got.count) lines, the golden has \(wanted.count)"
        }
        return "\(name):\(number + 1): got ‘\(got[number])’, the golden has ‘\(wanted[number])’"
    }

    /// The golden itself, for tests that take their script from it.
    package static func text(
        _ name: String, in folder: String = "Goldens", beside file: String = #filePath
    ) throws -> String {
        try String(contentsOf: place(of: name, in: folder, beside: file), encoding: .utf8)
    }

    private static func place(of name: String, in folder: String, beside file: String) -> URL {
        URL(filePath: file).deletingLastPathComponent().appending(path: folder).appending(path: name)
    }

    private static func lines(of text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
