import Foundation
package import Messages

/// How far a student is in every lesson.
///
/// A text file with one lesson a line, so that it can be read, edited, merged and sent along in a question:
///
///     # ZooLab progress 1. Written by zoolab; a lesson's line may be deleted to begin it anew.
///     two-phase-commit 4
///     znodes finished
package struct LessonProgress: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// This many steps are done.
        case steps(Int)
        case finished
    }

    /// By identity of the lesson.
    package private(set) var states: [String: State] = [:]

    package init() {}

    /// - Returns: nil for text that `text` did not write.
    package init?(parsing text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count == 2 else { return nil }
            if words[1] == "finished" {
                states[String(words[0])] = .finished
            } else if let steps = Int(words[1]), steps >= 0 {
                states[String(words[0])] = .steps(steps)
            } else {
                return nil
            }
        }
    }

    package var text: String {
        let lines = states.sorted { $0.key < $1.key }.map { id, state in
            switch state {
            case .steps(let count): "\(id) \(count)\n"
            case .finished: "\(id) finished\n"
            }
        }
        return "# ZooLab progress 1. Written by zoolab; a lesson's line may be deleted to begin it anew.\n"
            + lines.joined()
    }

    /// Notes that the first `steps` of `total` are done. What was done once stays done.
    package mutating func complete(_ id: String, steps: Int, of total: Int) {
        switch states[id] {
        case .finished: break
        case .steps(let before): states[id] = steps >= total ? .finished : .steps(max(before, steps))
        case nil: states[id] = steps >= total ? .finished : .steps(steps)
        }
    }

    package mutating func reset(_ id: String) { states[id] = nil }
}

/// The progress file.
package struct ProgressStore: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// `$XDG_STATE_HOME/zoolab/progress`, else below `~/.local/state`. A relative folder is ignored, as the XDG
    /// specification wants.
    ///
    /// - Returns: nil where the environment names no home.
    package init?(environment: [String: String]) {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            path = state + "/zoolab/progress"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            path = home + "/.local/state/zoolab/progress"
        } else {
            return nil
        }
    }

    /// The progress, and a sentence to show where the file was broken: it is kept beside under another name.
    ///
    /// - Throws: `LessonProblem` for a file that exists and cannot be read or moved.
    package func load() throws(LessonProblem) -> (progress: LessonProgress, warning: LocalizedText?) {
        guard FileManager.default.fileExists(atPath: path) else { return (LessonProgress(), nil) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LessonProblem(file: path, line: nil, LessonMessages.unreadableFile)
        }
        if let text = String(data: data, encoding: .utf8), let progress = LessonProgress(parsing: text) {
            return (progress, nil)
        }
        let backup = try moveAside()
        return (LessonProgress(), LessonMessages.progressBroken(path, backup: backup))
    }

    private func moveAside() throws(LessonProblem) -> String {
        let files = FileManager.default
        let candidates = [path + ".broken"] + (2...99).map { "\(path).broken-\($0)" }
        let backup = candidates.first { !files.fileExists(atPath: $0) } ?? path + ".broken-99"
        do {
            if files.fileExists(atPath: backup) { try files.removeItem(atPath: backup) }
            try files.moveItem(atPath: path, toPath: backup)
        } catch {
            throw LessonProblem(file: path, line: nil, LessonMessages.unwritableFile)
        }
        return backup
    }

    /// Writes all or nothing: an interrupted write leaves the old file.
    ///
    /// - Throws: `LessonProblem`
    package func save(_ progress: LessonProgress) throws(LessonProblem) {
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(progress.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw LessonProblem(file: path, line: nil, LessonMessages.unwritableFile)
        }
    }
}
