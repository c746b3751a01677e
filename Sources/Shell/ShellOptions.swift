/// How a shell begins; spelled as ZooKeeper's own shell spells it.
package struct ShellOptions: Hashable, Sendable {
    package var server = "localhost:2181"
    package var timeoutMilliseconds: Int64 = 30_000
    /// `-r`.
    package var isReadOnlyAllowed = false
    /// `-waitforconnection`.
    package var waitsForConnection = false
    /// `-client-configuration`; a file that only the Java client has a use for.
    package var clientConfiguration: String?
    /// A command to run instead of a conversation, with its arguments.
    package var command: [String] = []

    /// Why options cannot be understood.
    package enum Problem: Error, Hashable, Sendable {
        case missingValue(String)
        case unknownOption(String)
        case notANumber(String, String)
    }

    package init() {}

    /// Reads "-server host:port -timeout 5000 ls /".
    package init(_ arguments: [String]) throws(Problem) {
        var rest = arguments[...]
        while let option = rest.first, option.hasPrefix("-") {
            rest.removeFirst()
            switch option {
            case "-server": server = try Self.value(of: option, &rest)
            case "-timeout":
                let text = try Self.value(of: option, &rest)
                guard let number = Int64(text), number > 0 else { throw .notANumber(option, text) }
                timeoutMilliseconds = number
            case "-r": isReadOnlyAllowed = true
            case "-waitforconnection": waitsForConnection = true
            case "-client-configuration": clientConfiguration = try Self.value(of: option, &rest)
            default: throw .unknownOption(option)
            }
        }
        command = Array(rest)
    }

    private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(Problem) -> String {
        guard let value = rest.popFirst() else { throw .missingValue(option) }
        return value
    }
}
