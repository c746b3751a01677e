package import Foundation
import Messages

package enum SubmissionLanguage: String, CaseIterable, Hashable, Sendable, Decodable {
    case swift, python

    /// The file the student writes.
    package var mainFile: String {
        switch self {
        case .swift: "main.swift"
        case .python: "main.py"
        }
    }
    /// The runner's file in the starter, which the judge puts back as it was; `nil` where it is a library.
    package var helperFile: String? {
        switch self {
        case .swift: nil
        case .python: "zoolab_exercise.py"
        }
    }
}

/// One folder that a student handed in.
package struct Submission: Hashable, Sendable {
    /// The folder's name: the student, in a class folder.
    package var name: String
    package var folder: URL
    package var exercise: String
    package var language: SubmissionLanguage

    package static let manifest = "submission.json"
    package static let maximumFiles = 200
    package static let maximumBytes = 5 << 20

    private struct Manifest: Decodable {
        var exercise: String
        var language: String
    }

    /// Reads the manifest and looks the folder over; nothing of it is run.
    package init(folder: URL) throws {
        self.folder = folder
        name = folder.lastPathComponent
        let data = try? Data(contentsOf: folder.appendingPathComponent(Self.manifest))
        guard let data else { throw SubmissionProblem(GradingMessages.missingFile(Self.manifest)) }
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: data)
        } catch {
            let field = Self.field(of: error).map(GradingMessages.missingField)
            throw SubmissionProblem(GradingMessages.badManifest(field ?? GradingMessages.notJSON))
        }
        guard let language = SubmissionLanguage(rawValue: manifest.language) else {
            let known = SubmissionLanguage.allCases.map(\.rawValue).joined(separator: ", ")
            throw SubmissionProblem(
                GradingMessages.badManifest(GradingMessages.unknownLanguage(manifest.language, known: known)))
        }
        self.language = language
        exercise = manifest.exercise
        try checkFiles()
        guard FileManager.default.fileExists(atPath: folder.appendingPathComponent(language.mainFile).path) else {
            throw SubmissionProblem(GradingMessages.missingFile(language.mainFile))
        }
    }

    /// The field that could not be decoded, where it is one.
    private static func field(of error: any Error) -> String? {
        switch error {
        case DecodingError.keyNotFound(let key, _): key.stringValue
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            context.codingPath.last?.stringValue
        default: nil
        }
    }

    /// Plain files and folders only, not too many and not too large.
    private func checkFiles() throws {
        let keys: [URLResourceKey] = [.fileSizeKey, .isRegularFileKey, .isDirectoryKey]
        guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: keys) else { return }
        var (count, bytes) = (0, 0)
        for case let file as URL in files {
            let values = try file.resourceValues(forKeys: Set(keys))
            guard values.isRegularFile == true || values.isDirectory == true else {
                throw SubmissionProblem(GradingMessages.strangeFile(file.lastPathComponent))
            }
            count += 1
            bytes += values.fileSize ?? 0
            guard count <= Self.maximumFiles, bytes <= Self.maximumBytes else {
                throw SubmissionProblem(
                    GradingMessages.tooLarge(files: Self.maximumFiles, megabytes: Self.maximumBytes >> 20))
            }
        }
    }

    /// What a path holds: one submission, or every submission one level below it, by name.
    package static func folders(at path: String) throws -> [URL] {
        let files = FileManager.default
        let folder = URL(fileURLWithPath: path).standardizedFileURL
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw GradingFailure(GradingMessages.noSubmission(path))
        }
        if files.fileExists(atPath: folder.appendingPathComponent(manifest).path) { return [folder] }
        let names = try files.contentsOfDirectory(atPath: folder.path).sorted().filter { !$0.hasPrefix(".") }
        let folders = names.map { folder.appendingPathComponent($0) }.filter { candidate in
            files.fileExists(atPath: candidate.path, isDirectory: &isFolder) && isFolder.boolValue
        }
        guard folders.contains(where: { files.fileExists(atPath: $0.appendingPathComponent(manifest).path) }) else {
            throw GradingFailure(GradingMessages.nothingToGrade(path))
        }
        return folders
    }
}
