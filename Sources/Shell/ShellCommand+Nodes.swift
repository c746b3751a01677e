import CoordinationClient
import Foundation

/// Commands about nodes.
extension ShellCommand {
    static let nodeCommands = [
        ShellCommand(
            name: "create", usage: "[-s] [-e] [-c] [-t ttl] path [data] [acl]", rules: OptionRules("esct:"),
            count: 2...Int.max, run: create),
        ShellCommand(
            name: "delete", usage: "[-v version] path", rules: OptionRules("v:"), count: 2...Int.max, run: delete),
        ShellCommand(
            name: "deleteall", usage: "path [-b batch size]", rules: OptionRules("b:"), count: 2...Int.max,
            run: deleteAll),
        ShellCommand(
            name: "rmr", usage: "path", rules: OptionRules("b:"), count: 2...Int.max,
            run: { invocation in
                invocation.output.remark("The command 'rmr' has been deprecated. Please use 'deleteall' instead.")
                try await deleteAll(invocation)
            }),
        ShellCommand(
            name: "set", usage: "path data [-s] [-v version] [-b]",
            rules: OptionRules([
                .init(name: "b", description: "Supply data in base64 format"),
                .init(name: "s", description: "Print znode stats additionally"),
                .init(name: "v", takesValue: true, description: "Set with an expected version"),
            ]), describesOptions: true, count: 3...Int.max, run: set),
        ShellCommand(
            name: "get", usage: "[-s] [-w] [-b] [-x] path",
            rules: OptionRules([
                .init(name: "b", description: "Output data in base64 format"),
                .init(name: "s", description: "Print znode stats additionally"),
                .init(name: "w", description: "Watch for changes on the znode"),
                .init(name: "x", description: "Output data in hexdump format"),
            ]), describesOptions: true, count: 2...Int.max, run: get),
        ShellCommand(
            name: "ls", usage: "[-s] [-w] [-R] path", rules: OptionRules("?swR"),
            run: { invocation in
                if invocation.has("?") { invocation.output.write(listHelp) }
                try await list(invocation.acceptingWatchWord(), withStat: invocation.has("s"))
            }),
        ShellCommand(
            name: "ls2", usage: "path [watch]", rules: OptionRules("w"), count: 2...3,
            run: { invocation in
                invocation.output.remark("'ls2' has been deprecated. Please use 'ls [-s] path' instead.")
                try await list(invocation.argument(1) == nil ? invocation : invocation.watching(), withStat: true)
            }),
        ShellCommand(
            name: "stat", usage: "[-w] path", rules: OptionRules("w"), count: 2...Int.max, run: stat),
        ShellCommand(name: "sync", usage: "path", count: 2...Int.max, run: sync),
    ]

    private static let listHelp = """
        usage: ls [options] path
         -?   help
         -R   recurse
         -s   stat
         -w   watch

        """

    @Sendable private static func create(_ invocation: Invocation) async throws {
        let kind = try kind(invocation)
        // A sequential node's path is whole only with its number.
        if invocation.has("s"), let path = invocation.argument(0) {
            try ShellText.check(path: path + "1")
        } else {
            _ = try invocation.path()
        }
        let path = invocation.argument(0) ?? ""
        let data = invocation.argument(1).map { Array($0.utf8) }
        let access = invocation.argument(2).map { AccessText.rules($0, invocation.output) } ?? .open
        do {
            if access.isEmpty { throw CoordinationError(CoordinationError.invalidACL, operation: "create") }
            let created = try await invocation.client.create(path, data: data, kind: kind, access: access)
            invocation.output.remark("Created \(created)")
        } catch let error as CoordinationError where error.code == CoordinationError.invalidACL {
            invocation.output.remark(ShellText.keeperError(error))
            throw error
        } catch let error as CoordinationError where error.code.rawValue == -120 {
            invocation.output.remark("Unable to create ephemeral node on a local session")
            throw error
        }
    }

    private static func kind(_ invocation: Invocation) throws(ShellFailure) -> NodeKind {
        let (isEphemeral, isSequential) = (invocation.has("e"), invocation.has("s"))
        let isContainer = invocation.has("c")
        if isContainer && (isEphemeral || isSequential) {
            throw ShellFailure(
                "-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.")
        }
        guard let text = invocation.value("t") else {
            if isContainer { return .container }
            if isEphemeral { return isSequential ? .ephemeralSequential : .ephemeral }
            return isSequential ? .persistentSequential : .persistent
        }
        guard let milliseconds = Int64(text) else { throw ShellFailure("-t argument must be a long value") }
        if isEphemeral { throw ShellFailure("TTLs cannot be used with Ephemeral znodes") }
        if isContainer { throw ShellFailure("TTLs cannot be used with Container znodes") }
        guard (1...0xFF_FFFF_FFFF).contains(milliseconds) else {
            throw ShellFailure("ttl must be positive and cannot be larger than: 1099511627775")
        }
        let duration = Duration.milliseconds(milliseconds)
        return isSequential ? .timeToLiveSequential(duration) : .timeToLive(duration)
    }

    @Sendable private static func delete(_ invocation: Invocation) async throws {
        if invocation.argument(1) != nil {
            invocation.output.remark(
                "'delete path [version]' has been deprecated. Please use 'delete [-v version] path' instead.")
        }
        try await invocation.client.delete(try invocation.path(), version: try invocation.version())
    }

    @Sendable private static func deleteAll(_ invocation: Invocation) async throws {
        guard let size = invocation.value("b").map({ Int($0) }) ?? 1_000 else {
            throw ShellFailure("-b argument must be an int value")
        }
        let client = invocation.client
        let paths = try await subtree(of: try invocation.path(), client)
        // Leaves first.
        var rest = paths.reversed()[...]
        while !rest.isEmpty {
            let batch = rest.prefix(max(size, 1))
            rest = rest.dropFirst(batch.count)
            if size > 0 {
                do {
                    try await client.commit(batch.map { .delete($0) })
                } catch is CoordinationError {
                    return invocation.output.remark("Failed to delete some node(s) in the subtree!")
                }
            } else {
                for path in batch { try await client.delete(path) }
            }
        }
    }

    /// All nodes, parents before children.
    private static func subtree(of root: String, _ client: CoordinationClient) async throws -> [String] {
        var paths = [root]
        var next = 0
        while next < paths.count {
            let parent = paths[next]
            next += 1
            paths += try await client.getChildren(parent).map { (parent == "/" ? "" : parent) + "/" + $0 }
        }
        return paths
    }

    @Sendable private static func set(_ invocation: Invocation) async throws {
        let text = invocation.argument(1) ?? ""
        var data = Array(text.utf8)
        if invocation.has("b") {
            guard let decoded = Data(base64Encoded: text) else {
                throw ShellFailure("Input is not in base64 format: \(text)")
            }
            data = Array(decoded)
        }
        let stat = try await invocation.client.setData(
            try invocation.path(), data: data, version: try invocation.version())
        invocation.printStat(stat)
    }

    @Sendable private static func get(_ first: Invocation) async throws {
        let invocation = first.acceptingWatchWord()
        let path = try invocation.path()
        let data: [UInt8]?
        let stat: NodeStat
        if invocation.has("w") {
            (data, stat, _) = try await invocation.client.getOptionalDataAndWatch(path)
        } else {
            (data, stat) = try await invocation.client.getOptionalData(path)
        }
        let bytes = data ?? Array("null".utf8)
        if invocation.has("x") {
            invocation.output.line(ShellText.hexadecimal(bytes))
        } else if invocation.has("b") {
            invocation.output.line(Data(bytes).base64EncodedString())
        } else {
            invocation.output.line(String(decoding: bytes, as: UTF8.self))
        }
        invocation.printStat(stat)
    }

    private static func list(_ invocation: Invocation, withStat: Bool) async throws {
        let path = try invocation.path()
        let client = invocation.client
        if invocation.has("R") {
            let watches = invocation.has("w")
            if watches { _ = try await client.getDataAndWatch(path) } else { _ = try await client.getData(path) }
            invocation.output.line(path)
            return try await listBelow(path, watches, client, invocation.output)
        }
        let children =
            invocation.has("w")
            ? try await client.getChildrenAndWatch(path).children : try await client.getChildren(path)
        invocation.output.line(ShellText.list(children))
        if withStat {
            let stat = try await client.exists(path)
            guard let stat else { throw CoordinationError.noNode(path) }
            invocation.output.write(ShellText.stat(stat))
        }
    }

    private static func listBelow(
        _ path: String, _ watches: Bool, _ client: CoordinationClient, _ output: ShellOutput
    ) async throws {
        let children: [String]
        do {
            children =
                watches ? try await client.getChildrenAndWatch(path).children : try await client.getChildren(path)
        } catch CoordinationError.noNode {
            return  // It was deleted since its name was read.
        }
        let paths = children.map { (path == "/" ? "" : path) + "/" + $0 }
        for path in paths { output.line(path) }
        for path in paths { try await listBelow(path, watches, client, output) }
    }

    @Sendable private static func stat(_ first: Invocation) async throws {
        let invocation = first.acceptingWatchWord()
        let path = try invocation.path()
        let stat =
            invocation.has("w")
            ? try await invocation.client.existsAndWatch(path).stat : try await invocation.client.exists(path)
        guard let stat else { throw CoordinationError.noNode(path) }
        invocation.output.write(ShellText.stat(stat))
    }

    @Sendable private static func sync(_ invocation: Invocation) async throws {
        let path = try invocation.path()
        do {
            try await invocation.client.sync(path)
            invocation.output.line("Sync is OK")
        } catch let error as CoordinationError {
            invocation.output.line("Sync has failed. rc=\(error.code.rawValue > 0 ? -4 : error.code.rawValue)")
        }
    }
}

extension CoordinationError {
    static func noNode(_ path: String) -> CoordinationError {
        CoordinationError(CoordinationError.noNode, operation: "exists", path: path)
    }
}
