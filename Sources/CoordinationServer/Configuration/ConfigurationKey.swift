package import Messages

/// One key of `zoo.cfg`: what it does here, or why it does nothing. Warnings, checks and the reference page all come from
/// the one table `ConfigurationKey.sections`.
package struct ConfigurationKey: Sendable {
    /// As in `zoo.cfg`. A last part `N` or `*` stands for any: `server.N`.
    package let name: String
    /// The value where the key is not given; empty where there is none.
    package let defaultText: String
    /// What it does; for one without effect, the reason.
    package let explanation: LocalizedText
    /// Changes the configuration; `nil` where the key has no effect here.
    let apply: Apply?

    typealias Apply = @Sendable (ConfigurationEntry, inout ZooConfiguration) throws(ConfigurationFailure) -> Void

    package var isHonoured: Bool { apply != nil }

    /// The part before the one that stands for any; `nil` for an ordinary key.
    var familyPrefix: String? {
        name.hasSuffix(".N") || name.hasSuffix(".*") ? String(name.dropLast()) : nil
    }
}

/// Keys that belong together, with a heading for the page.
package struct ConfigurationSection: Sendable {
    package let title: LocalizedText
    package let keys: [ConfigurationKey]
}

extension ConfigurationKey {
    /// Every key of ZooKeeper 3.9, and this server's own.
    package static let sections: [ConfigurationSection] = [
        ConfigurationSection(title: ConfigurationMessages.basicTitle, keys: basicKeys),
        ConfigurationSection(title: ConfigurationMessages.storageTitle, keys: storageKeys),
        ConfigurationSection(title: ConfigurationMessages.limitTitle, keys: limitKeys),
        ConfigurationSection(title: ConfigurationMessages.nodeTitle, keys: nodeKeys),
        ConfigurationSection(title: ConfigurationMessages.accessTitle, keys: accessKeys),
        ConfigurationSection(title: ConfigurationMessages.operationTitle, keys: operationKeys),
        ConfigurationSection(title: ConfigurationMessages.tlsTitle, keys: tlsKeys),
        ConfigurationSection(title: ConfigurationMessages.ensembleTitle, keys: ensembleKeys),
        ConfigurationSection(title: ConfigurationMessages.innerTitle, keys: innerKeys),
    ]

    private static let table: [String: ConfigurationKey] = Dictionary(
        uniqueKeysWithValues: sections.flatMap(\.keys).map { ($0.name, $0) })
    /// Longest first, so that `ssl.quorum.*` comes before `ssl.*`.
    private static let families: [ConfigurationKey] = sections.flatMap(\.keys).filter { $0.familyPrefix != nil }
        .sorted { $0.name.count > $1.name.count }

    /// - Parameter name: in `zoo.cfg`'s notation or that of Java properties, with `zookeeper.` before it.
    static func find(_ name: String) -> ConfigurationKey? {
        let plain = plainName(name)
        if let key = table[plain] { return key }
        return families.first { key in
            guard let prefix = key.familyPrefix else { return false }
            return plain.hasPrefix(prefix) && plain.count > prefix.count
        }
    }

    static func plainName(_ name: String) -> String {
        name.hasPrefix("zookeeper.") ? String(name.dropFirst("zookeeper.".count)) : name
    }

    /// The key that was probably meant.
    static func nearest(to name: String) -> String? {
        nearestWord(to: plainName(name), among: sections.flatMap(\.keys).filter { $0.familyPrefix == nil }.map(\.name))
    }
}

// MARK: Making rows

extension ConfigurationKey {
    static func whole(
        _ name: String, _ range: ClosedRange<Int>, default defaultValue: Int?, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout ServerOptions, Int) -> Void
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, defaultText: defaultValue.map(String.init) ?? "", explanation: explanation) {
            (entry, configuration) throws(ConfigurationFailure) in
            set(&configuration.options, try entry.whole(in: range))
        }
    }

    static func flag(
        _ name: String, default defaultValue: Bool, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout ServerOptions, Bool) -> Void
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, defaultText: String(defaultValue), explanation: explanation) {
            (entry, configuration) throws(ConfigurationFailure) in
            set(&configuration.options, try entry.flag())
        }
    }

    /// A part of one, which is kept in parts per million.
    static func part(
        _ name: String, default defaultText: String, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout ServerOptions, UInt64) -> Void
    ) -> ConfigurationKey {
        special(name, default: defaultText, explanation) { (entry, configuration) throws(ConfigurationFailure) in
            guard let number = Double(entry.value), (0...1).contains(number) else {
                throw entry.failure(ConfigurationMessages.partOfOne)
            }
            set(&configuration.options, UInt64((number * 1_000_000).rounded()))
        }
    }

    /// A flag that ZooKeeper spells `yes` and `no`.
    static func yesOrNo(
        _ name: String, default defaultValue: Bool, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout ServerOptions, Bool) -> Void
    ) -> ConfigurationKey {
        choice(name, ["yes", "no", "true", "false"], default: defaultValue ? "yes" : "no", explanation) {
            set(&$0, $1 == "yes" || $1 == "true")
        }
    }

    /// Any text that is not empty.
    static func text(
        _ name: String, default defaultText: String = "", _ explanation: LocalizedText,
        wanted: LocalizedText = ConfigurationMessages.someText,
        _ set: @escaping @Sendable (inout ServerOptions, String) -> Void
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, defaultText: defaultText, explanation: explanation) {
            (entry, configuration) throws(ConfigurationFailure) in
            set(&configuration.options, try entry.text(wanted))
        }
    }

    /// One of a few words, upper and lower case being the same.
    static func choice(
        _ name: String, _ words: [String], default defaultText: String, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout ServerOptions, String) -> Void
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, defaultText: defaultText, explanation: explanation) {
            (entry, configuration) throws(ConfigurationFailure) in
            set(&configuration.options, try entry.choice(words))
        }
    }

    static func special(
        _ name: String, default defaultText: String = "", _ explanation: LocalizedText, _ apply: @escaping Apply
    ) -> ConfigurationKey {
        ConfigurationKey(name: name, defaultText: defaultText, explanation: explanation, apply: apply)
    }

    /// Keys without effect, all for one reason.
    /// - Parameter names: separated by blanks and line ends.
    static func ignored(_ reason: LocalizedText, _ names: String) -> [ConfigurationKey] {
        names.split(whereSeparator: \.isWhitespace).map {
            ConfigurationKey(name: String($0), defaultText: "", explanation: reason, apply: nil)
        }
    }
}
