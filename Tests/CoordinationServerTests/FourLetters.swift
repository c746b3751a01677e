import Foundation
import Testing

/// Connects to servers on this machine.
enum LoopbackSocket {
    static func connect(to port: UInt16) throws -> FileHandle {
        let descriptor = socket(AF_INET, FreePorts.stream, 0)
        try #require(descriptor >= 0)
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var address = FreePorts.loopback(port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw CocoaError(.fileReadUnknown) }
        return handle
    }
}

/// Asks a server on this machine a word of four letters.
enum FourLetters {
    /// Everything it answers before it closes the connection.
    static func ask(_ word: String, port: UInt16) throws -> String {
        let handle = try LoopbackSocket.connect(to: port)
        try handle.write(contentsOf: Data(word.utf8))
        return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }
}
