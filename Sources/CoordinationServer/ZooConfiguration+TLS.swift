import Messages

extension ZooConfiguration {
    /// Understands the keys of TLS, in `zoo.cfg`'s notation or that of Java properties; false for others.
    mutating func applyTLS(_ name: String, _ value: String, line: Int) throws(ConfigurationFailure) -> Bool {
        let plain = name.hasPrefix("zookeeper.") ? String(name.dropFirst("zookeeper.".count)) : name
        guard let key = TLSKey.all.first(where: { $0.name == plain }) else { return false }
        guard key.set(&options.tls, value) else {
            throw ConfigurationFailure(
                message: ServerMessages.badValue(file, line: line, key: name, value: value, wanted: key.wanted))
        }
        return true
    }
}
