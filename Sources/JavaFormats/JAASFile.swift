/// Java's files of logins (JAAS), as far as SASL's DIGEST-MD5 needs them.
package enum JAASFile {
    /// Names and passwords of the section `Server`: `user_NAME="PASSWORD"`.
    package static func users(in text: String) -> [String: String] {
        let settings = settings(in: text, section: "Server").compactMap { name, value in
            name.hasPrefix("user_") ? (String(name.dropFirst(5)), value) : nil
        }
        return Dictionary(settings) { _, last in last }
    }

    /// Who logs in by a section of a client's file: `username="NAME" password="PASSWORD"`; nil where it does not say.
    package static func login(in text: String, section: String = "Client") -> (user: String, password: String)? {
        let settings = settings(in: text, section: section)
        guard let user = settings.last(where: { $0.name == "username" })?.value,
            let password = settings.last(where: { $0.name == "password" })?.value
        else { return nil }
        return (user, password)
    }

    /// Every `name="value"` of a section, in the file's order.
    private static func settings(in text: String, section: String) -> [(name: String, value: String)] {
        let lines = text.split(separator: "\n").map { $0.prefix { $0 != "#" } }.joined(separator: " ")
        let sections = lines.matches(of: /\b([^\s{};]+)\s*\{([^}]*)\}/)
        guard let body = sections.first(where: { $0.1 == section })?.2 else { return [] }
        return body.matches(of: /\b([^\s=]+)\s*=\s*"([^"]*)"/).map { (String($0.1), String($0.2)) }
    }
}
