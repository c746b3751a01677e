import CoordinationClient

/// Limits and sums as their nodes hold them: "count=3,bytes=29" and more.
struct QuotaText: Hashable, Sendable {
    /// −1: none.
    var count: Int64 = -1
    var bytes: Int64 = -1
    /// Sorted by name; those that are not mentioned have no entry.
    var others: [String: Int64] = [:]

    static let countLimit = "countHardLimit"
    static let byteLimit = "byteHardLimit"

    init() {}

    init(_ data: [UInt8]) {
        let text = String(decoding: data, as: UTF8.self)
        for pair in text.split(whereSeparator: { $0 == "," || $0 == ";" }) {
            let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
            let number = parts.count > 1 ? Int64(parts[1]) ?? -1 : -1
            switch parts[0] {
            case "count": count = number
            case "bytes": bytes = number
            default: others[String(parts[0])] = number
            }
        }
    }

    /// The equals sign after the bytes lets very old servers read what they understand.
    var text: String {
        let rest = others.sorted { $0.key < $1.key }.map { ";\($0.key)=\($0.value)" }.joined()
        return "count=\(count),bytes=\(bytes)" + (rest.isEmpty ? "" : "=\(rest)")
    }
}

/// Commands about quotas, which are nodes below "/zookeeper/quota".
extension ShellCommand {
    private static let root = "/zookeeper/quota"
    private static func folder(_ path: String) -> String { root + path }
    private static func limits(_ path: String) -> String { root + path + "/zookeeper_limits" }
    private static func sums(_ path: String) -> String { root + path + "/zookeeper_stats" }

    private static func group(takingValues: Bool) -> [OptionRules.Option] {
        let descriptions = [
            ("n", "num soft quota"), ("b", "bytes soft quota"), ("N", "num hard quota"), ("B", "bytes hard quota"),
        ]
        return descriptions.map { .init(name: $0, takesValue: takingValues, description: $1, isInGroup: true) }
    }

    static let quotaCommands = [
        ShellCommand(
            name: "setquota", usage: "-n|-b|-N|-B val path",
            rules: OptionRules(group(takingValues: true), requiresGroup: true), count: 2...Int.max, run: setQuota),
        ShellCommand(
            name: "delquota", usage: "[-n|-b|-N|-B] path", rules: OptionRules(group(takingValues: false)),
            count: 2...Int.max, run: deleteQuota),
        ShellCommand(name: "listquota", usage: "path", count: 2...Int.max, run: listQuota),
    ]

    @Sendable private static func listQuota(_ invocation: Invocation) async throws {
        let path = invocation.argument(0) ?? ""
        invocation.output.remark("absolute path is \(limits(path))")
        try ShellText.check(path: limits(path))
        do {
            let (quota, _) = try await invocation.client.getData(limits(path))
            let (sum, _) = try await invocation.client.getData(sums(path))
            invocation.output.line("Output quota for \(path) \(QuotaText(quota).text)")
            invocation.output.line("Output stat for \(path) \(QuotaText(sum).text)")
        } catch CoordinationError.noNode {
            invocation.output.remark("quota for \(path) does not exist.")
        }
    }

    // MARK: Setting

    @Sendable private static func setQuota(_ invocation: Invocation) async throws {
        let path = invocation.argument(0) ?? ""
        if path.hasPrefix(root) { return invocation.output.remark("cannot set a quota under the path: \(root)") }
        guard let wanted = wanted(invocation) else { return }
        try ShellText.check(path: path)
        let client = invocation.client
        guard try await client.exists(path) != nil else { throw ShellFailure("\(path) does not exist.") }
        try await refuseQuotaBelow(path, client)
        try await refuseQuotaAbove(path, client)
        try await makeFolders(path, client)
        try await write(wanted, path, invocation)
    }

    private static func wanted(_ invocation: Invocation) -> QuotaText? {
        var quota = QuotaText()
        quota.others = [QuotaText.countLimit: -1, QuotaText.byteLimit: -1]
        for option in ["n", "b", "N", "B"] {
            guard let text = invocation.value(option) else { continue }
            guard let number = Int64(text) else {
                invocation.output.remark("NumberFormatException happens when parsing the option value")
                return nil
            }
            let isCount = option == "n" || option == "N"
            guard isCount ? number > 0 : number >= 0 else {
                invocation.output.remark(
                    isCount
                        ? "the num quota must be greater than zero"
                        : "the bytes quota must be greater than or equal to zero")
                return nil
            }
            switch option {
            case "n": quota.count = number
            case "b": quota.bytes = number
            case "N": quota.others[QuotaText.countLimit] = number
            default: quota.others[QuotaText.byteLimit] = number
            }
        }
        return quota
    }

    private static func refuseQuotaBelow(_ path: String, _ client: CoordinationClient) async throws {
        var waiting = [folder(path)]
        while let next = waiting.popLast() {
            let children: [String]
            do {
                children = try await client.getChildren(next)
            } catch CoordinationError.noNode {
                continue
            }
            if next != folder(path), children.contains("zookeeper_limits") {
                throw ShellFailure("\(path) has a child \(next.dropFirst(root.count)) which has a quota")
            }
            waiting += children.map { "\(next)/\($0)" }
        }
    }

    private static func refuseQuotaAbove(_ path: String, _ client: CoordinationClient) async throws {
        var above = ""
        for part in path.split(separator: "/").dropLast() {
            above += "/\(part)"
            do {
                if try await client.getChildren(folder(above)).contains("zookeeper_limits") {
                    throw ShellFailure("\(path) has a parent \(above) which has a quota")
                }
            } catch CoordinationError.noNode {
                return
            }
        }
    }

    private static func makeFolders(_ path: String, _ client: CoordinationClient) async throws {
        var folder = ""
        for part in (root + path).split(separator: "/") {
            folder += "/\(part)"
            guard try await client.exists(folder) == nil else { continue }
            do {
                try await client.create(folder, data: nil)
            } catch CoordinationError.nodeExists {
                continue
            }
        }
    }

    private static func write(_ wanted: QuotaText, _ path: String, _ invocation: Invocation) async throws {
        let client = invocation.client
        guard try await client.exists(limits(path)) != nil else {
            try await client.create(limits(path), data: Array(wanted.text.utf8))
            var none = QuotaText()
            (none.count, none.bytes) = (0, 0)
            try await client.create(sums(path), data: Array(none.text.utf8))
            return warn(wanted, QuotaText(try await client.getData(sums(path)).data), invocation)
        }
        var quota = QuotaText(try await client.getData(limits(path)).data)
        if wanted.count > -1 { quota.count = wanted.count }
        if wanted.bytes > -1 { quota.bytes = wanted.bytes }
        for (name, value) in wanted.others where value > -1 { quota.others[name] = value }
        warn(quota, QuotaText(try await client.getData(sums(path)).data), invocation)
        try await client.setData(limits(path), data: Array(quota.text.utf8))
    }

    private static func warn(_ quota: QuotaText, _ sum: QuotaText, _ invocation: Invocation) {
        func isBelow(_ limits: Int64?..., than value: Int64) -> Bool {
            limits.contains { limit in limit.map { $0 > -1 && $0 < value } ?? false }
        }
        if isBelow(quota.count, quota.others[QuotaText.countLimit], than: sum.count) {
            invocation.output.line(
                "[Warning]: the count quota you create is less than the existing count:\(sum.count)")
        }
        if isBelow(quota.bytes, quota.others[QuotaText.byteLimit], than: sum.bytes) {
            invocation.output.line(
                "[Warning]: the bytes quota you create is less than the existing bytes:\(sum.bytes)")
        }
    }

    // MARK: Deleting

    @Sendable private static func deleteQuota(_ invocation: Invocation) async throws {
        let path = invocation.argument(0) ?? ""
        let client = invocation.client
        try ShellText.check(path: limits(path))
        guard try await client.exists(limits(path)) != nil else {
            return invocation.output.line("Quota does not exist for \(path)")
        }
        do {
            guard ["n", "b", "N", "B"].contains(where: invocation.has) else {
                return try await deleteFolders(path, client)
            }
            var quota = QuotaText(try await client.getData(limits(path)).data)
            if invocation.has("n") { quota.count = -1 }
            if invocation.has("b") { quota.bytes = -1 }
            if invocation.has("N") { quota.others[QuotaText.countLimit] = -1 }
            if invocation.has("B") { quota.others[QuotaText.byteLimit] = -1 }
            try await client.setData(limits(path), data: Array(quota.text.utf8))
        } catch CoordinationError.noNode {
            invocation.output.remark("quota for \(path) does not exist.")
        }
    }

    /// The quota, and every folder above it that has nothing else.
    private static func deleteFolders(_ path: String, _ client: CoordinationClient) async throws {
        for child in try await client.getChildren(folder(path)) { try await client.delete("\(folder(path))/\(child)") }
        var next = folder(path)
        while next != root, try await client.getChildren(next).isEmpty {
            try await client.delete(next)
            next = String(next[..<(next.lastIndex(of: "/") ?? next.startIndex)])
        }
    }
}
