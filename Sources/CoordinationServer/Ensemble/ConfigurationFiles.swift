import Messages
import StateMachines
import WireProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a server writes down the ensemble that it is in: `zoo.cfg.dynamic.<version>`, which `zoo.cfg` then names, as ZooKeeper does.
///
/// The file as people wrote it stays as `zoo.cfg.bak`.
struct ConfigurationFiles: Sendable {
    /// The path of `zoo.cfg`.
    let path: String
    let calls: DiskCalls

    /// Both files are on disk when this returns; a crash in between leaves the ensemble of before.
    func store(_ members: QuorumConfigurationText, own: QuorumServer) throws(ServerFailure) {
        var text = members
        text.version = nil
        let dynamic = Self.dynamicPath(path, version: members.version ?? 0)
        try replace(dynamic, with: text.bytes + [UInt8(ascii: "\n")])
        guard let old = try? InputFile(path).bytes() else { throw failure(path) }
        let backup = path + ".bak"
        if access(backup, F_OK) != 0 { try replace(backup, with: old) }
        let new = Self.edited(
            String(decoding: old, as: UTF8.self), naming: dynamic, dropsClientPort: own.clientAddress != nil)
        try replace(path, with: Array(new.utf8))
    }

    static func dynamicPath(_ path: String, version: Int64) -> String {
        path + ".dynamic." + String(UInt64(bitPattern: version), radix: 16)
    }

    /// The version that the name of such a file tells.
    static func version(ofFileNamed path: String) -> Int64? {
        guard let dot = path.lastIndex(of: "."), path[..<dot].hasSuffix(".dynamic") else { return nil }
        return UInt64(path[path.index(after: dot)...], radix: 16).map { Int64(bitPattern: $0) }
    }

    /// What was not about the members stays as it is, line by line.
    static func edited(_ text: String, naming dynamic: String, dropsClientPort: Bool) -> String {
        var lines: [Substring] = []
        var isDropping = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            // A line that ends with “\\” goes on in the next one.
            let isDropped = isDropping || isAboutMembers(line, dropsClientPort)
            isDropping = isDropped && line.last == "\\"
            if !isDropped { lines.append(line) }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n") + "\ndynamicConfigFile=\(dynamic)\n"
    }

    private static func isAboutMembers(_ line: Substring, _ dropsClientPort: Bool) -> Bool {
        let key = line.drop { $0 == " " || $0 == "\t" }.prefix { !"= :\t".contains($0) }
        if ["server.", "group.", "weight."].contains(where: key.hasPrefix) { return true }
        if ["dynamicConfigFile", "peerType"].contains(String(key)) { return true }
        return dropsClientPort && ["clientPort", "clientPortAddress"].contains(String(key))
    }

    private func replace(_ path: String, with bytes: [UInt8]) throws(ServerFailure) {
        guard calls.replaceFile(path, with: bytes) else { throw failure(path) }
    }

    private func failure(_ path: String) -> ServerFailure {
        ServerFailure(message: EnsembleMessages.configurationNotStored(path, SystemError.last))
    }
}
