/// Java's files of users for SASL, as far as DIGEST-MD5 needs them.
package enum JAASFile {
    /// Names and passwords of the section `Server`: `user_NAME="PASSWORD"`.
    package static func users(in text: String) -> [String: String] {
        let lines = text.split(separator: "\n").map { $0.prefix { $0 != "#" } }.joined(separator: " ")
        guard let section = lines.firstMatch(of: /\bServer\s*\{([^}]*)\}/) else { return [:] }
        let pairs = section.1.matches(of: /\buser_([^\s=]+)\s*=\s*"([^"]*)"/)
        return Dictionary(pairs.map { (String($0.1), String($0.2)) }) { _, last in last }
    }
}
