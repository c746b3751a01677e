import CoordinationClient
import Foundation
import WireProtocol

/// Commands about watches and sessions.
extension ShellCommand {
    static let watchCommands = [
        ShellCommand(
            name: "addWatch",
            usage: "[-m mode] path # optional mode is one of [PERSISTENT, PERSISTENT_RECURSIVE] - default is "
                + "PERSISTENT_RECURSIVE",
            rules: OptionRules("m:"), count: 2...2,
            run: { invocation in
                let scope: WatchScope
                switch invocation.value("m")?.uppercased() {
                case nil, "PERSISTENT_RECURSIVE": scope = .subtree
                case "PERSISTENT": scope = .node
                default: throw ShellFailure(invocation.command.usageText)
                }
                // Events come with all others; the watch stays until it is removed.
                try await invocation.client.watchForEvents(try invocation.path(), scope)
            }),
        ShellCommand(
            name: "removewatches", usage: "path [-c|-d|-a] [-l]", rules: OptionRules("cdpral"), count: 2...Int.max,
            run: { invocation in
                let selections: [(String, WatchSelection)] = [
                    ("c", .children), ("d", .data), ("p", .node), ("r", .subtree),
                ]
                let selection = selections.first { invocation.has($0.0) }?.1 ?? .any
                try await invocation.client.removeWatches(
                    try invocation.path(), selection, locally: invocation.has("l"))
            }),
        ShellCommand(
            name: "getEphemerals", usage: "path",
            run: { invocation in
                let prefix = try invocation.argument(0).map { _ in try invocation.path() } ?? "/"
                invocation.output.line(ShellText.list(try await invocation.client.ephemerals(prefix: prefix)))
            }),
        ShellCommand(
            name: "getAllChildrenNumber", usage: "path",
            run: { invocation in
                invocation.output.line(String(try await invocation.client.descendantCount(try invocation.path())))
            }),
    ]
}

/// Commands about servers.
extension ShellCommand {
    static let administrationCommands = [
        ShellCommand(
            name: "version", usage: "", count: 1...1,
            run: { $0.output.line("ZooKeeper CLI version: \(ZooKeeperVersion.text)") }),
        ShellCommand(name: "close", usage: "", run: { await $0.client.close() }),
        ShellCommand(name: "config", usage: "[-c] [-w] [-s]", rules: OptionRules("swc"), run: configuration),
        ShellCommand(
            name: "reconfig",
            usage: "[-s] [-v version] [[-file path] | [-members serverID=host:port1:port2;port3[,...]*]] | "
                + "[-add serverId=host:port1:port2;port3[,...]]* [-remove serverId[,...]*]",
            rules: OptionRules([
                .init(name: "s"), .init(name: "v", takesValue: true), .init(name: "file", takesValue: true),
                .init(name: "members", takesValue: true), .init(name: "add", takesValue: true),
                .init(name: "remove", takesValue: true),
            ]), run: reconfigure),
    ]

    @Sendable private static func configuration(_ invocation: Invocation) async throws {
        let data: [UInt8]
        let stat: NodeStat
        if invocation.has("w") {
            (data, stat, _) = try await invocation.client.configurationAndWatch()
        } else {
            (data, stat) = try await invocation.client.configuration()
        }
        let text = String(decoding: data, as: UTF8.self)
        invocation.output.line(invocation.has("c") ? clientAddresses(text) : text)
        invocation.printStat(stat)
    }

    /// "100000002 host:2181,host:2182": the version, and where clients connect to.
    static func clientAddresses(_ configuration: String) -> String {
        var version = ""
        var addresses: [String] = []
        for line in configuration.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2 else { continue }
            if parts[0] == "version" { version = parts[1] }
            guard parts[0].hasPrefix("server."), let semicolon = parts[1].lastIndex(of: ";") else { continue }
            let address = parts[1][parts[1].index(after: semicolon)...]
            addresses.append(address.contains(":") ? String(address) : "0.0.0.0:\(address)")
        }
        return "\(version) \(addresses.joined(separator: ","))"
    }

    @Sendable private static func reconfigure(_ invocation: Invocation) async throws {
        let change = try reconfiguration(invocation)
        var version: Int64?
        if let text = invocation.value("v") {
            guard let number = Int64(text, radix: 16) else {
                throw ShellFailure("-v must be followed by a long (configuration version)")
            }
            version = number
        }
        let (data, stat) = try await invocation.client.reconfigure(change, version: version)
        invocation.output.line("Committed new configuration:\n\(String(decoding: data, as: UTF8.self))")
        invocation.printStat(stat)
    }

    private static func reconfiguration(_ invocation: Invocation) throws(ShellFailure) -> Reconfiguration {
        let isWhole = invocation.has("file") || invocation.has("members")
        let isChange = invocation.has("add") || invocation.has("remove")
        guard isWhole || isChange else { throw ShellFailure(invocation.command.usageText) }
        if isWhole && isChange {
            throw ShellFailure(
                "Can't use -file or -members together with -add or -remove (mixing incremental and non-incremental modes "
                    + "is not allowed)")
        }
        if invocation.has("file") && invocation.has("members") {
            throw ShellFailure("Can't use -file and -members together (conflicting non-incremental modes)")
        }
        if let file = invocation.value("file") { return .replace(try members(inFile: file)) }
        func entries(_ option: String) -> [String] { invocation.value(option).map { [$0.lowercased()] } ?? [] }
        return invocation.has("members")
            ? .replace(entries("members")) : .change(joining: entries("add"), leaving: entries("remove"))
    }

    /// The lines of a dynamic configuration file that say who is a member.
    private static func members(inFile file: String) throws(ShellFailure) -> [String] {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            // As Java puts it: the name once more, and what the system says.
            let reason = access(file, R_OK) == 0 ? "not UTF-8" : String(cString: strerror(errno))
            throw ShellFailure("Error processing \(file)\(file) (\(reason))")
        }
        return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { line in ["server.", "group.", "weight."].contains { line.hasPrefix($0) } }
    }
}
