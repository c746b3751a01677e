import Bytes
package import CoordinationCore
import HTTPService
import WireProtocol

/// Who changed what, one line each, in ZooKeeper's form: `session=0x…`, `user=…`, tabulators between them.
package struct AuditLog: Sendable {
    private let output: LogOutput
    /// Whoever runs the server; named where no client is.
    private let serverUser: String

    package init(_ output: LogOutput) {
        self.output = output
        serverUser = HostSurvey.environment.first { $0.name == "user.name" }?.value ?? ""
    }

    package func write(_ record: AuditRecord) { output.write(Self.line(record, serverUser: serverUser)) }

    /// Opens the file anew.
    package func reopen() { output.reopen() }

    package static func line(_ record: AuditRecord, serverUser: String) -> String {
        let users = record.users.map(\.description).filter { !$0.isEmpty }.joined(separator: ",")
        let fields: [(String, String?)] = [
            ("session", record.session == .none ? nil : record.session.description),
            ("user", record.host == nil ? serverUser : users.isEmpty ? nil : users), ("ip", record.host),
            ("operation", record.operation.rawValue), ("znode", record.path.map { escaped($0.description) }),
            ("znode_type", record.mode), ("acl", record.acl.map(escaped)),
            ("result", record.operation == .serverStop ? "invoked" : record.isSuccess ? "success" : "failure"),
        ]
        return fields.compactMap { name, value in value.map { "\(name)=\($0)" } }.joined(separator: "\t") + "\n"
    }

    /// Names may hold line ends and tabulators, which must not make lines of their own.
    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return text }
        return String(JSON.text(text).compactText.dropFirst().dropLast())
    }
}
