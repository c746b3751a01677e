package import Foundation

/// Whole files in and out, with failures that say what to do.
package enum FileAccess {
    /// - Parameter limit: larger files are refused; in bytes.
    package static func read(path: String, limit: Int) throws(TraceFileFailure) -> Data {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw TraceFileFailure(file: path, problem: .noSuchFile)
        }
        guard !isFolder.boolValue else { throw TraceFileFailure(file: path, problem: .isFolder) }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw TraceFileFailure(file: path, problem: problem(of: error))
        }
        guard data.count <= limit else { throw TraceFileFailure(file: path, problem: .tooLarge(limit: limit)) }
        return data
    }

    /// Writes all or nothing: a failure leaves what was there.
    package static func write(_ bytes: [UInt8], path: String) throws(TraceFileFailure) {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw TraceFileFailure(file: path, problem: problem(of: error))
        }
    }

    private static func problem(of error: any Error) -> TraceFileFailure.Problem {
        switch (error as? CocoaError)?.code {
        case .fileReadNoPermission, .fileWriteNoPermission, .fileWriteVolumeReadOnly: .noPermission
        case .fileNoSuchFile: .noFolder
        case .fileWriteOutOfSpace: .noSpace
        default: .systemRefused(error.localizedDescription)
        }
    }
}
