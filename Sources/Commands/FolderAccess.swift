import Foundation

/// Asks the file system before work is done that would be lost.
enum FolderAccess {
    /// Whether files can be made in a folder, or the folder itself where it does not exist yet. Leaves nothing behind.
    static func canMakeFiles(in folder: String) -> Bool {
        let files = FileManager.default
        var existing = URL(fileURLWithPath: folder)
        while existing.path != "/", !files.fileExists(atPath: existing.path) { existing.deleteLastPathComponent() }
        // Permissions tell too little: root has them all, and some file systems take nothing from anybody.
        let probe = existing.appending(path: ".zoolab-\(UUID().uuidString)")
        do {
            try files.createDirectory(at: probe, withIntermediateDirectories: false)
            try files.removeItem(at: probe)
            return true
        } catch {
            return false
        }
    }
}
