package import Bytes

/// The members of an ensemble as text: in NEWLEADER, in election messages, in the node /zookeeper/config and in dynamic
/// configuration files.
///
/// One line for each server, then those of groups and weights, then `version=` in hexadecimal digits without a line's end. The
/// order of lines is kept, so that a text comes back byte for byte.
/// - Source: ZooKeeper's `QuorumMaj` and `QuorumHierarchical`.
package struct QuorumConfigurationText: Hashable, Sendable, CustomStringConvertible {
    /// Why a text is no configuration.
    package enum Failure: Error, Hashable, Sendable {
        /// Line `number`, from 1, is not of a form that belongs here.
        case malformedLine(Int)
        /// Line `number` says again what an earlier one said.
        case repeated(Int)
        /// More bytes than `byteLimit`.
        case tooLong(bytes: Int)
        /// No server at all.
        case empty
    }

    /// One `group.N=` line: which servers vote together.
    package struct Group: Hashable, Sendable {
        package var id: Int64
        package var members: [Int64]

        package init(id: Int64, members: [Int64]) {
            self.id = id
            self.members = members
        }
    }

    /// One `weight.N=` line: what a server's vote counts.
    package struct Weight: Hashable, Sendable {
        package var server: Int64
        package var weight: Int64

        package init(server: Int64, weight: Int64) {
            self.server = server
            self.weight = weight
        }
    }

    /// The longest text that is believed: as long as an election message may be.
    package static let byteLimit = ElectionPortReader.messageLimit

    package var servers: [QuorumServer]
    package var groups: [Group]
    package var weights: [Weight]
    /// The zxid of the reconfiguration that made it; 0 for the one of the configuration file. `nil` where it is not said, as
    /// in the arguments of a reconfiguration.
    package var version: Int64?

    package init(servers: [QuorumServer], groups: [Group] = [], weights: [Weight] = [], version: Int64? = 0) {
        self.servers = servers
        self.groups = groups
        self.weights = weights
        self.version = version
    }

    /// Reads a text. Empty lines and those that begin with “#” count for nothing, nor do blanks around “=”.
    package init(parsing text: [UInt8]) throws(Failure) {
        guard text.count <= Self.byteLimit else { throw .tooLong(bytes: text.count) }
        self.init(servers: [], version: nil)
        let newline = UInt8(ascii: "\n")
        for (index, bytes) in text.split(separator: newline, omittingEmptySubsequences: false).enumerated() {
            let line = Self.trimmed(Substring(decoding: bytes, as: UTF8.self))
            if !line.isEmpty, !line.hasPrefix("#") { try read(line, number: index + 1) }
        }
        if servers.isEmpty { throw .empty }
    }

    package init(parsing text: ByteString) throws(Failure) { try self.init(parsing: text.bytes) }

    package subscript(server id: Int64) -> QuorumServer? { servers.first { $0.id == id } }

    /// As ZooKeeper writes it.
    package var description: String {
        var lines = servers.map { "server.\($0.id)=\($0)" }
        lines += groups.map { "group.\($0.id)=" + $0.members.map { "\($0)" }.joined(separator: ":") }
        lines += weights.map { "weight.\($0.server)=\($0.weight)" }
        if let version { lines.append("version=" + String(UInt64(bitPattern: version), radix: 16)) }
        return lines.joined(separator: "\n")
    }
    package var bytes: [UInt8] { Array(description.utf8) }

    private mutating func read(_ line: Substring, number: Int) throws(Failure) {
        guard let mark = line.firstIndex(of: "=") else { throw .malformedLine(number) }
        let key = Self.trimmed(line[..<mark])
        let value = String(Self.trimmed(line[line.index(after: mark)...]))
        if key == "version" {
            guard let parsed = UInt64(value, radix: 16) else { throw .malformedLine(number) }
            guard version == nil else { throw .repeated(number) }
            version = Int64(bitPattern: parsed)
            return
        }
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = Int64(parts[1]) else { throw .malformedLine(number) }
        guard try add(String(parts[0]), id, value, number) else { throw .malformedLine(number) }
    }

    /// False where the line is not of its form.
    private mutating func add(_ word: String, _ id: Int64, _ value: String, _ number: Int) throws(Failure) -> Bool {
        switch word {
        case "server":
            guard let server = QuorumServer(id: id, value) else { return false }
            guard self[server: id] == nil else { throw .repeated(number) }
            servers.append(server)
        case "group":
            guard let members = Self.members(value) else { return false }
            guard !groups.contains(where: { $0.id == id || $0.members.contains(where: members.contains) }) else {
                throw .repeated(number)
            }
            groups.append(Group(id: id, members: members))
        case "weight":
            guard let weight = Int64(value), weight >= 0 else { return false }
            guard !weights.contains(where: { $0.server == id }) else { throw .repeated(number) }
            weights.append(Weight(server: id, weight: weight))
        default: return false
        }
        return true
    }

    /// "1:2:3", each once.
    package static func members(_ text: String) -> [Int64]? {
        var members: [Int64] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            guard let id = Int64(part), !members.contains(id) else { return nil }
            members.append(id)
        }
        return members
    }

    static func trimmed(_ text: Substring) -> Substring {
        let blanks: Set<Character> = [" ", "\t", "\r"]
        var text = text
        while let first = text.first, blanks.contains(first) { text.removeFirst() }
        while let last = text.last, blanks.contains(last) { text.removeLast() }
        return text
    }
}
