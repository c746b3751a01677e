import Bytes
import CoordinationCore
import StateMachines
import WireProtocol

/// Arbitrary bytes on one connection.
enum ConnectionFuzzing {
    /// The first byte configures the server, the second says in what pieces the rest arrives, and whether the
    /// handshake has been made already.
    static func check(_ bytes: inout FuzzBytes) throws(FuzzFinding) {
        var server = FuzzedServer(FuzzedServer.configuration(bytes.byte()))
        let mode = bytes.byte()
        let pieceLength = [Int.max, 1, 3, 7, 64, 1_000][Int(mode >> 1) % 6]
        let content = bytes.remainder()
        server.diskIsFast = mode & 128 == 0
        let id: ConnectionID
        if mode & 1 != 0, let (connection, _) = try server.connect() {
            id = connection
        } else {
            id = server.open()
        }
        var rest = content[...]
        while !rest.isEmpty {
            server.send(Array(rest.prefix(pieceLength)), on: id)
            rest = rest.dropFirst(pieceLength)
        }
        server.finishDisk()
        server.wait(.seconds(3))
        let isWord = FourLetterWord(rawValue: String(decoding: content.prefix(4), as: UTF8.self)) != nil
        if mode & 1 != 0 || !isWord {
            var frames = try server.takeFrames(on: id)[...]
            if mode & 1 == 0, let first = frames.popFirst() { _ = try Answer.handshake(first) }
            for frame in frames { try Answer.checkHeader(frame) }
        }
        server.hangUp(id)
        try server.checkHealth()
        try server.checkLog()
    }
}
