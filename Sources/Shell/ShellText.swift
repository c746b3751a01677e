import CoordinationClient
import Foundation

/// The texts of ZooKeeper's shell, to the letter: scripts read them.
enum ShellText {
    /// What a failed request is called.
    static func message(_ error: CoordinationError) -> String {
        let path = error.path ?? "null"
        return switch error.code {
        case CoordinationError.noNode: "Node does not exist: \(path)"
        case CoordinationError.noChildrenForEphemerals: "Ephemerals cannot have children: \(path)"
        case CoordinationError.nodeExists: "Node already exists: \(path)"
        case CoordinationError.notEmpty: "Node not empty: \(path)"
        case CoordinationError.notReadOnly: "Not a read-only call: \(path)"
        case CoordinationError.invalidACL: "Acl is not valid : \(path)"
        case CoordinationError.noAuth: "Insufficient permission : \(path)"
        case CoordinationError.badArguments: "Arguments are not valid : \(path)"
        case CoordinationError.badVersion: "version No is not valid : \(path)"
        case CoordinationError.quotaExceeded: "Quota has exceeded : \(path)"
        default:
            switch error.code.rawValue {
            case -14: "Another reconfiguration is in progress -- concurrent reconfigs not supported (yet)"
            case -13:
                "No quorum of new config is connected and up-to-date with the leader of last commmitted config - try "
                    + "invoking reconfiguration after new servers are connected and synced"
            default: keeperError(error)
            }
        }
    }

    /// "KeeperErrorCode = NoNode for /a".
    static func keeperError(_ error: CoordinationError) -> String {
        let name = names[error.code.rawValue] ?? error.code.description
        guard let path = error.path, !path.isEmpty else { return "KeeperErrorCode = \(name)" }
        return "KeeperErrorCode = \(name) for \(path)"
    }

    /// Those whose words are not the code's own.
    private static let names: [Int32: String] = [
        CoordinationError.notConnected.rawValue: "ConnectionLoss",
        CoordinationError.closed.rawValue: "Session expired",
        CoordinationError.unreadableReply.rawValue: "MarshallingError",
        -111: "Directory not empty", -112: "Session expired", -113: "Invalid callback", -118: "Session moved",
        -119: "Not a read-only call", -120: "Ephemeral node on local session", -121: "No such watcher",
        -123: "Reconfig is disabled", -124: "Session closed because client failed to authenticate",
        -125: "Quota has exceeded", -127: "Op throttled due to high load",
    ]

    /// The eleven lines of a node's stat.
    static func stat(_ stat: NodeStat) -> String {
        """
        cZxid = \(stat.czxid)
        ctime = \(date(stat.createdMilliseconds))
        mZxid = \(stat.mzxid)
        mtime = \(date(stat.modifiedMilliseconds))
        pZxid = \(stat.pzxid)
        cversion = \(stat.childVersion)
        dataVersion = \(stat.version)
        aclVersion = \(stat.accessVersion)
        ephemeralOwner = 0x\(String(UInt64(bitPattern: stat.ephemeralOwner), radix: 16))
        dataLength = \(stat.dataLength)
        numChildren = \(stat.childCount)

        """
    }

    /// "Sat Nov 21 02:52:22 UTC 2026", by the machine's time zone.
    static func date(_ milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds / 1_000 - (milliseconds % 1_000 < 0 ? 1 : 0))
        var parts = tm()
        localtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 64)
        let count = strftime(&text, text.count, "%a %b %d %H:%M:%S %Z %Y", &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Bytes in rows of sixteen, with their letters; nothing for no bytes.
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        guard !bytes.isEmpty else { return "" }
        let rule = "+--------+-------------------------------------------------+----------------+"
        var lines = [
            "         +-------------------------------------------------+",
            "         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |", rule,
        ]
        func digits(_ number: Int, _ width: Int) -> String {
            let text = String(number, radix: 16)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(start + 16, bytes.count)]
            let numbers = row.map { " " + digits(Int($0), 2) }.joined()
            let letters = String(
                decoding: row.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
            lines.append(
                "|\(digits(start, 8))|\(pad(numbers, 48)) |\(pad(letters, 16))|")
        }
        return (lines + [rule]).joined(separator: "\n")
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: width - text.utf8.count)
    }

    /// "crwda" in the order that the shell prints.
    static func permissions(_ permissions: AccessRule.Permissions) -> String {
        let letters: [(AccessRule.Permissions, String)] = [
            (.create, "c"), (.delete, "d"), (.read, "r"), (.write, "w"), (.admin, "a"),
        ]
        return letters.filter { permissions.contains($0.0) }.map(\.1).joined()
    }

    /// "[a, b]".
    static func list(_ words: [String]) -> String { "[\(words.joined(separator: ", "))]" }

    /// Refuses what no server would take, in the words of ZooKeeper's clients.
    static func check(path: String) throws(ShellFailure) {
        if path.isEmpty { throw ShellFailure("Path length must be > 0") }
        if !path.hasPrefix("/") { throw ShellFailure("Path must start with / character") }
        if path == "/" { return }
        if path.hasSuffix("/") { throw ShellFailure("Path must not end with / character") }
        if let reason = flaw(Array(path.utf16)) {
            throw ShellFailure("Invalid path string \"\(path)\" caused by \(reason)")
        }
    }

    private static func flaw(_ units: [UInt16]) -> String? {
        let (slash, dot) = (UInt16(UInt8(ascii: "/")), UInt16(UInt8(ascii: ".")))
        for index in 1..<units.count {
            let unit = units[index]
            let isLast = index + 1 == units.count || units[index + 1] == slash
            if unit == 0 { return "null character not allowed @\(index)" }
            if unit == slash, units[index - 1] == slash { return "empty node name specified @\(index)" }
            if unit == dot, isLast {
                let isDouble = units[index - 1] == dot && units[index - 2] == slash
                if units[index - 1] == slash || isDouble { return "relative paths not allowed @\(index)" }
            }
            switch unit {
            case 0x01...0x1F, 0x7F...0x9F, 0xD800...0xF8FF, 0xFFF0...0xFFFF: return "invalid character @\(index)"
            default: break
            }
        }
        return nil
    }
}
