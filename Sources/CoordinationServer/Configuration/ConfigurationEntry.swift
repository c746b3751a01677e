package import Messages

/// A configuration that cannot be used.
package struct ConfigurationFailure: LocalizedFailure {
    package let message: LocalizedText

    package init(message: LocalizedText) { self.message = message }
}

/// One key with its value, and where it stands.
struct ConfigurationEntry: Sendable {
    /// As written.
    var name: String
    var value: String
    /// “zoo.cfg, line 3”.
    var place: LocalizedText

    /// What stands for `N` or `*` in the key's family.
    func ending(of key: ConfigurationKey) -> String {
        String(ConfigurationKey.plainName(name).dropFirst(key.familyPrefix?.count ?? 0))
    }

    func whole(in range: ClosedRange<Int>) throws(ConfigurationFailure) -> Int {
        guard let number = Int(value), range.contains(number) else {
            throw failure(ServerMessages.number(from: range.lowerBound, to: range.upperBound))
        }
        return number
    }

    func flag() throws(ConfigurationFailure) -> Bool {
        guard let flag = Bool(value.lowercased()) else { throw failure(ConfigurationMessages.trueOrFalse) }
        return flag
    }

    func text(_ wanted: LocalizedText) throws(ConfigurationFailure) -> String {
        guard !value.isEmpty else { throw failure(wanted) }
        return value
    }

    func choice(_ words: [String]) throws(ConfigurationFailure) -> String {
        guard let word = words.first(where: { $0.lowercased() == value.lowercased() }) else {
            throw failure(ConfigurationMessages.oneOf(words.joined(separator: ", ")))
        }
        return word
    }

    func failure(_ wanted: LocalizedText) -> ConfigurationFailure {
        ConfigurationFailure(message: ServerMessages.badValue(place, key: name, value: value, wanted: wanted))
    }
}
