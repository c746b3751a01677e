package import Bytes
import StateMachines
package import WireProtocol
import ZNodes

/// Who changed what, or tried to; for the audit log.
package struct AuditRecord: Hashable, Sendable {
    /// ZooKeeper's words.
    package enum Operation: String, Hashable, Sendable {
        case create, delete, setData, reconfig
        case setACL = "setAcl"
        case multi = "multiOperation"
        case ephemeralDeletion = "ephemeralZNodeDeletionOnSessionCloseOrExpire"
        case serverStart, serverStop
    }

    package var session: SessionID
    /// Names that the client has proved, its address first; empty for the server itself.
    package var users: [ByteString]
    /// Without the port; `nil` for the server itself.
    package var host: String?
    package var operation: Operation
    package var path: ByteString?
    /// `persistent`, `ephemeral_sequential`; of creations.
    package var mode: String?
    /// `world:anyone:cdrwa`; of changed access rules.
    package var acl: String?
    package var isSuccess: Bool

    package init(
        session: SessionID = .none, users: [ByteString] = [], host: String? = nil, operation: Operation,
        path: ByteString? = nil, mode: String? = nil, acl: String? = nil, isSuccess: Bool
    ) {
        self.session = session
        self.users = users
        self.host = host
        self.operation = operation
        self.path = path
        self.mode = mode
        self.acl = acl
        self.isSuccess = isSuccess
    }
}

/// Records are made only where the configuration asks for them.
extension CoordinationCore {
    /// A request of a client has been carried out or refused.
    mutating func audit(
        _ request: ClientRequest, _ error: ErrorCode, _ response: ClientResponse, _ slot: Int,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let connection = connections[slot]
        func record(
            _ operation: AuditRecord.Operation, _ path: ByteString?, mode: String? = nil, acl: String? = nil,
            isSuccess: Bool = error == .ok
        ) {
            effects.append(
                .audit(
                    AuditRecord(
                        session: connection.session, users: connection.identities.map(\.user), host: connection.host,
                        operation: operation, path: path, mode: mode, acl: acl, isSuccess: isSuccess)))
        }
        switch request {
        case .create(let body), .createWithStat(let body), .createContainer(let body):
            record(.create, response.createdPath ?? body.path, mode: body.auditMode)
        case .createTTL(let body):
            record(.create, response.createdPath ?? body.create.path, mode: body.create.auditMode)
        case .delete, .deleteContainer: record(.delete, request.path)
        case .setData: record(.setData, request.path)
        case .setACL(let body): record(.setACL, body.path, acl: body.acl.map(Self.auditText))
        case .reconfig: record(.reconfig, nil)
        case .multi(let body):
            guard error == .ok, case .multi(let results) = response, results.results.allSatisfy({ !$0.isError }) else {
                return record(.multi, nil, isSuccess: false)
            }
            for (operation, result) in zip(body.operations, results.results) {
                let path = result.createdPath ?? operation.path
                switch operation {
                case .create(let part), .createWithStat(let part), .createContainer(let part):
                    record(.create, path, mode: part.auditMode)
                case .createTTL(let part): record(.create, path, mode: part.create.auditMode)
                case .delete: record(.delete, path)
                case .setData: record(.setData, path)
                case .check: break
                }
            }
        default: break  // Nothing that an audit records.
        }
    }

    /// A session's ephemerals have gone with it.
    mutating func auditEnd(
        of session: SessionID, _ changes: [TreeChange], _ effects: inout EffectBuffer<Effect>
    ) {
        for case .deleted(let path, _, _) in changes {
            effects.append(
                .audit(AuditRecord(session: session, operation: .ephemeralDeletion, path: path, isSuccess: true)))
        }
    }

    private static func auditText(_ acl: [ACL]) -> String {
        acl.map { "\($0.scheme):\($0.id):\($0.permissions.letters)" }.joined()
    }
}

extension ClientResponse {
    fileprivate var createdPath: ByteString? {
        switch self {
        case .path(let path), .pathAndStat(let path, _): path
        default: nil
        }
    }
}

extension MultiResult {
    fileprivate var createdPath: ByteString? {
        switch self {
        case .create(let path), .createWithStat(let path, _): path
        default: nil
        }
    }

    fileprivate var isError: Bool { if case .error = self { true } else { false } }
}

extension CreateRequest {
    /// ZooKeeper's word in lower case.
    fileprivate var auditMode: String? {
        switch CreateMode(rawValue: flags) {
        case .persistent: "persistent"
        case .ephemeral: "ephemeral"
        case .persistentSequential: "persistent_sequential"
        case .ephemeralSequential: "ephemeral_sequential"
        case .container: "container"
        case .timeToLive: "persistent_with_ttl"
        case .timeToLiveSequential: "persistent_sequential_with_ttl"
        case nil: nil
        }
    }
}

extension Permissions {
    fileprivate var letters: String {
        let all: [(Permissions, String)] = [(.create, "c"), (.delete, "d"), (.read, "r"), (.write, "w"), (.admin, "a")]
        return all.map { contains($0.0) ? $0.1 : "" }.joined()
    }
}
