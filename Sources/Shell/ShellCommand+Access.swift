import CoordinationClient

/// Access rules as the shell writes them: "world:anyone:cdrwa,digest:user:hash:r".
enum AccessText {
    /// What cannot be understood is said, and left out.
    static func rules(_ text: String, _ output: ShellOutput) -> [AccessRule] {
        text.split(separator: ",", omittingEmptySubsequences: false).compactMap { part in
            guard let first = part.firstIndex(of: ":"), let last = part.lastIndex(of: ":"), first < last else {
                output.remark("\(part) does not have the form scheme:id:perm")
                return nil
            }
            return AccessRule(
                permissions(part[part.index(after: last)...], output), scheme: String(part[..<first]),
                identity: String(part[part.index(after: first)..<last]))
        }
    }

    private static func permissions(_ letters: Substring, _ output: ShellOutput) -> AccessRule.Permissions {
        var permissions: AccessRule.Permissions = []
        for letter in letters {
            switch letter {
            case "r": permissions.insert(.read)
            case "w": permissions.insert(.write)
            case "c": permissions.insert(.create)
            case "d": permissions.insert(.delete)
            case "a": permissions.insert(.admin)
            default: output.remark("Unknown perm type: \(letter)")
            }
        }
        return permissions
    }
}

/// Commands about who may do what.
extension ShellCommand {
    static let accessCommands = [
        ShellCommand(
            name: "getAcl", usage: "[-s] path", rules: OptionRules("s"), count: 2...Int.max,
            run: { invocation in
                let (rules, stat) = try await invocation.client.getAccess(try invocation.path())
                for rule in rules {
                    invocation.output.line(
                        "'\(rule.scheme),'\(rule.identity)\n: \(ShellText.permissions(rule.permissions))")
                }
                invocation.printStat(stat)
            }),
        ShellCommand(
            name: "setAcl", usage: "[-s] [-v version] [-R] path acl", rules: OptionRules("sRv:"), count: 3...Int.max,
            run: setAccess),
        ShellCommand(
            name: "addauth", usage: "scheme auth", count: 2...Int.max,
            run: { invocation in
                let proof = Array((invocation.argument(1) ?? "").utf8)
                try await invocation.client.authenticate(invocation.argument(0) ?? "", proof)
            }),
        ShellCommand(
            name: "whoami", usage: "",
            run: { invocation in
                let identities = try await invocation.client.identities()
                invocation.output.line("Auth scheme: User")
                for identity in identities { invocation.output.line("\(identity.scheme): \(identity.user)") }
            }),
    ]

    @Sendable private static func setAccess(_ invocation: Invocation) async throws {
        let path = try invocation.path()
        let rules = AccessText.rules(invocation.argument(1) ?? "", invocation.output)
        let version = try invocation.version()
        guard !rules.isEmpty else {
            throw CoordinationError(CoordinationError.invalidACL, operation: "setACL")
        }
        guard invocation.has("R") else {
            return invocation.printStat(
                try await invocation.client.setAccess(path, rules, version: version))
        }
        try await setAccessBelow(path, rules, version, invocation)
    }

    /// Goes on where one node refuses, and says so.
    private static func setAccessBelow(
        _ path: String, _ rules: [AccessRule], _ version: Int32?, _ invocation: Invocation
    ) async throws {
        // Before it changes: afterwards they may not be readable any more.
        let children = try await invocation.client.getChildren(path)
        do {
            try await invocation.client.setAccess(path, rules, version: version)
        } catch let error as CoordinationError {
            invocation.output.write(ShellText.keeperError(error))
        }
        for child in children {
            do {
                try await setAccessBelow((path == "/" ? "" : path) + "/" + child, rules, version, invocation)
            } catch CoordinationError.noNode {
                continue  // It was deleted since its name was read.
            }
        }
    }
}
