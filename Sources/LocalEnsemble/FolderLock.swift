#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Says that somebody runs the ensemble of a folder. The system lets go of it when that process ends, however it ends.
final class FolderLock {
    private let descriptor: Int32

    /// - Returns: `nil` where another process holds it.
    init?(_ path: String) throws(EnsembleFailure) {
        // Not for the servers, which would hold it beyond the end of this process.
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotWrite(path, String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }
}
