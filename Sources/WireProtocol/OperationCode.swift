/// The release of ZooKeeper whose behaviour this is, as servers and shells tell it.
package enum ZooKeeperVersion {
    package static let text = "3.9.5-zoolab"
}

/// What a request asks for; the second field of its header.
package enum OperationCode: Int32, CaseIterable, Sendable {
    case create = 1
    case delete = 2
    case exists = 3
    case getData = 4
    case setData = 5
    case getACL = 6
    case setACL = 7
    case getChildren = 8
    case sync = 9
    case ping = 11
    case getChildrenWithStat = 12
    /// Only inside a multi.
    case check = 13
    case multi = 14
    /// “create2” of the protocol: answers with the node's stat too.
    case createWithStat = 15
    case reconfig = 16
    case checkWatches = 17
    case removeWatches = 18
    case createContainer = 19
    /// What a server asks of itself when a container or a node with a time to live is due.
    case deleteContainer = 20
    case createTTL = 21
    case multiRead = 22
    case auth = 100
    case setWatches = 101
    case sasl = 102
    case getEphemerals = 103
    case getAllChildrenNumber = 104
    /// “setWatches2” of the protocol: with persistent watches too.
    case setAllWatches = 105
    case addWatch = 106
    case whoAmI = 107
    case closeSession = -11

    /// The word of diagrams, faults and observations: "create", "getChildren2".
    package var name: String {
        switch self {
        case .create: "create"
        case .delete: "delete"
        case .exists: "exists"
        case .getData: "getData"
        case .setData: "setData"
        case .getACL: "getACL"
        case .setACL: "setACL"
        case .getChildren: "getChildren"
        case .sync: "sync"
        case .ping: "ping"
        case .getChildrenWithStat: "getChildren2"
        case .check: "check"
        case .multi: "multi"
        case .createWithStat: "create2"
        case .reconfig: "reconfig"
        case .checkWatches: "checkWatches"
        case .removeWatches: "removeWatches"
        case .createContainer: "createContainer"
        case .deleteContainer: "deleteContainer"
        case .createTTL: "createTTL"
        case .multiRead: "multiRead"
        case .auth: "auth"
        case .setWatches: "setWatches"
        case .sasl: "sasl"
        case .getEphemerals: "getEphemerals"
        case .getAllChildrenNumber: "getAllChildrenNumber"
        case .setAllWatches: "setWatches2"
        case .addWatch: "addWatch"
        case .whoAmI: "whoAmI"
        case .closeSession: "closeSession"
        }
    }
}

/// How a request ended; the last field of its reply's header. Clients refuse codes they do not know, so a server never
/// invents one.
package enum ErrorCode: Int32, Error, CaseIterable, Sendable {
    case ok = 0
    case systemError = -1
    /// Inside a failed multi: not tried, because an earlier operation failed.
    case runtimeInconsistency = -2
    case dataInconsistency = -3
    case connectionLoss = -4
    case marshallingError = -5
    case unimplemented = -6
    case operationTimeout = -7
    case badArguments = -8
    case unknownSession = -12
    case newConfigNoQuorum = -13
    case reconfigInProgress = -14
    case apiError = -100
    case noNode = -101
    case noAuth = -102
    case badVersion = -103
    case noChildrenForEphemerals = -108
    case nodeExists = -110
    case notEmpty = -111
    case sessionExpired = -112
    case invalidCallback = -113
    case invalidACL = -114
    case authFailed = -115
    case sessionMoved = -118
    case notReadOnly = -119
    case ephemeralOnLocalSession = -120
    case noWatcher = -121
    case requestTimeout = -122
    case reconfigDisabled = -123
    case sessionClosedRequireSASLAuth = -124
    case quotaExceeded = -125
    case throttled = -127

    /// The word of observations: "NoNode".
    package var name: String {
        switch self {
        case .ok: "ok"
        case .systemError: "SystemError"
        case .runtimeInconsistency: "RuntimeInconsistency"
        case .dataInconsistency: "DataInconsistency"
        case .connectionLoss: "ConnectionLoss"
        case .marshallingError: "MarshallingError"
        case .unimplemented: "Unimplemented"
        case .operationTimeout: "OperationTimeout"
        case .badArguments: "BadArguments"
        case .unknownSession: "UnknownSession"
        case .newConfigNoQuorum: "NewConfigNoQuorum"
        case .reconfigInProgress: "ReconfigInProgress"
        case .apiError: "APIError"
        case .noNode: "NoNode"
        case .noAuth: "NoAuth"
        case .badVersion: "BadVersion"
        case .noChildrenForEphemerals: "NoChildrenForEphemerals"
        case .nodeExists: "NodeExists"
        case .notEmpty: "NotEmpty"
        case .sessionExpired: "SessionExpired"
        case .invalidCallback: "InvalidCallback"
        case .invalidACL: "InvalidACL"
        case .authFailed: "AuthFailed"
        case .sessionMoved: "SessionMoved"
        case .notReadOnly: "NotReadOnly"
        case .ephemeralOnLocalSession: "EphemeralOnLocalSession"
        case .noWatcher: "NoWatcher"
        case .requestTimeout: "RequestTimeout"
        case .reconfigDisabled: "ReconfigDisabled"
        case .sessionClosedRequireSASLAuth: "SessionClosedRequireSaslAuth"
        case .quotaExceeded: "QuotaExceeded"
        case .throttled: "ThrottledOp"
        }
    }
}
