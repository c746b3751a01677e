import Bytes
package import WireProtocol
package import ZNodes

extension TransactionBody {
    /// One line for people, in the protocol's own words: "create /a 3 bytes, ephemeral, world:anyone:cdrwa". Containers and nodes
    /// that live for a time are made by transactions of their own types.
    ///
    /// - Parameter showsData: writes the data itself where it is text, else how long it is.
    package func text(showsData: Bool) -> String {
        switch self {
        case .createSession(let timeout): return "createSession \(timeout) ms"
        case .closeSession(let paths):
            return (["closeSession"] + (paths ?? []).map(\.description)).joined(separator: " ")
        case .create(let new): return "create " + Self.text(new, showsData)
        case .createWithStat(let new): return Self.word(new.kind) + " " + Self.text(new, showsData)
        case .delete(let path): return "delete \(path)"
        case .deleteContainer(let path): return "deleteContainer \(path)"
        case .setData(let path, let data, let version):
            return "setData \(path) \(DataText.text(data, showsData: showsData)), version \(version)"
        case .reconfigure(let path, let data, let version):
            return "reconfig \(path) \(DataText.text(data, showsData: showsData)), version \(version)"
        case .setACL(let path, let acl, let version): return "setACL \(path) \(ACL.text(acl)), version \(version)"
        case .check(let path, let version): return "check \(path) version \(version)"
        case .error(let code): return "error \(code.rawValue) (\(code))"
        case .multi(let parts):
            return "multi [" + parts.map { $0.text(showsData: showsData) }.joined(separator: "; ") + "]"
        }
    }

    private static func word(_ kind: Creation.Kind) -> String {
        switch kind {
        case .persistent, .ephemeral: "create2"
        case .container: "createContainer"
        case .timeToLive: "createTTL"
        }
    }

    private static func text(_ new: Creation, _ showsData: Bool) -> String {
        let kind =
            switch new.kind {
            case .persistent, .container: ""
            case .ephemeral: ", ephemeral"
            case .timeToLive(let milliseconds): ", ttl \(milliseconds) ms"
            }
        return "\(new.path) \(DataText.text(new.data, showsData: showsData))\(kind), \(ACL.text(new.acl))"
    }
}

/// Data for people.
package enum DataText {
    package static func text(_ data: [UInt8]?, showsData: Bool) -> String {
        guard let data else { return "null" }
        guard showsData, let text = String(validating: data, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        else { return "\(data.count) bytes" }
        return "\"\(text)\""
    }
}

extension ACL {
    /// "digest:user:hash:cdrwa world:anyone:r", as ZooKeeper's shell writes access rules.
    package static func text(_ acl: [ACL]) -> String {
        acl.map { rule in
            let letters: [(Permissions, String)] = [
                (.create, "c"), (.delete, "d"), (.read, "r"), (.write, "w"), (.admin, "a"),
            ]
            let allowed = letters.filter { rule.permissions.contains($0.0) }.map(\.1).joined()
            return "\(rule.scheme):\(rule.id):\(allowed)"
        }.joined(separator: " ")
    }
}
