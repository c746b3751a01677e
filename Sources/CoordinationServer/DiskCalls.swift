#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The calls that put bytes on a disk. A server uses the system's; tests replace them to see what a failing disk does.
package struct DiskCalls: Sendable {
    /// As `pwrite`: descriptor, bytes, place in the file, and its path; the number written, or −1 with `errno`.
    package var write: @Sendable (Int32, UnsafeRawBufferPointer, Int, String) -> Int
    /// As `fdatasync`: descriptor and path; 0, or −1 with `errno`.
    package var synchronize: @Sendable (Int32, String) -> Int32

    package init() {
        write = { descriptor, bytes, place, _ in pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(place)) }
        #if canImport(Glibc)
            synchronize = { descriptor, _ in fdatasync(descriptor) }
        #elseif canImport(Darwin)
            synchronize = { descriptor, _ in fcntl(descriptor, F_FULLFSYNC) }
        #endif
    }

    /// Writes all of it; false, with `errno`, when the disk takes no more.
    func writeAll(_ bytes: [UInt8], to descriptor: Int32, at place: Int, path: String) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, UnsafeRawBufferPointer(rebasing: $0[written...]), place + written, path)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// Gives a file these bytes, at once and durably; false, with `errno`, when that failed.
    func replaceFile(_ path: String, with bytes: [UInt8]) -> Bool {
        let new = path + ".tmp"
        let descriptor = systemOpen(new, O_WRONLY | O_CREAT | O_TRUNC)
        guard descriptor >= 0 else { return false }
        let isWritten = writeAll(bytes, to: descriptor, at: 0, path: new) && synchronize(descriptor, new) == 0
        let problem = errno
        systemClose(descriptor)
        errno = problem
        return isWritten && rename(new, path) == 0 && synchronizeFolder(PathText.folder(of: path))
    }

    /// Makes the names in a folder durable; false, with `errno`, when that failed.
    func synchronizeFolder(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        let status = fsync(descriptor)
        let problem = errno
        systemClose(descriptor)
        errno = problem
        return status == 0
    }
}

/// Reasons as the operating system words them.
enum SystemError {
    static var last: String { String(cString: strerror(errno)) }
}

#if canImport(Glibc)
    func systemOpen(_ path: String, _ flags: Int32) -> Int32 { Glibc.open(path, flags | O_CLOEXEC, 0o644) }
    @discardableResult func systemClose(_ descriptor: Int32) -> Int32 { Glibc.close(descriptor) }
    func systemRead(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        Glibc.read(descriptor, start, count)
    }
    func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
        Glibc.write(descriptor, start, count)
    }
#elseif canImport(Darwin)
    func systemOpen(_ path: String, _ flags: Int32) -> Int32 { Darwin.open(path, flags | O_CLOEXEC, 0o644) }
    @discardableResult func systemClose(_ descriptor: Int32) -> Int32 { Darwin.close(descriptor) }
    func systemRead(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        Darwin.read(descriptor, start, count)
    }
    func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
        Darwin.write(descriptor, start, count)
    }
#endif
