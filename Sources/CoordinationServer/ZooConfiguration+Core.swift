import Bytes
import CoordinationCore
import Foundation
import Messages
import StateMachines

/// The keys of `zoo.cfg` that the core itself understands, by ZooKeeper's names. Its system properties stand here without
/// their prefix `zookeeper.`, as ZooKeeper allows.
extension ZooConfiguration {
    /// False for a key of somebody else.
    mutating func applyToCore(_ name: String, _ value: String, line: Int) throws(ConfigurationFailure) -> Bool {
        let key = name.hasPrefix("zookeeper.") ? String(name.dropFirst("zookeeper.".count)) : name
        if try applyLimit(key, value, line: line) { return true }
        if applyAccess(key, value) { return true }
        switch key {
        case "extendedTypesEnabled": options.core.extendedTypesEnabled = Self.isTrue(value)
        case "emulate353TTLNodes": options.core.emulate353TTLNodes = Self.isTrue(value)
        case "reconfigEnabled": options.core.reconfigEnabled = Self.isTrue(value)
        case "enforceQuota": options.core.enforceQuota = Self.isTrue(value)
        case "DigestAuthenticationProvider.digestAlg":
            guard let algorithm = Digest.Algorithm(named: value) else {
                throw badValue(
                    key, value, line: line,
                    wanted: ServerMessages.oneOf(Digest.Algorithm.allCases.map(\.rawValue).joined(separator: ", ")))
            }
            options.core.access.digestAlg = algorithm
        case "java.security.auth.login.config":
            guard let text = try? String(contentsOfFile: value, encoding: .utf8) else {
                throw badValue(key, value, line: line, wanted: ServerMessages.readableFile)
            }
            options.core.access.saslUsers = JAASFile.users(in: text)
        default: return false
        }
        return true
    }

    private mutating func applyLimit(_ key: String, _ value: String, line: Int) throws(ConfigurationFailure) -> Bool {
        let largest = Int(Int32.max)
        func number(_ range: ClosedRange<Int>) throws(ConfigurationFailure) -> Int {
            try self.number(key, value, line: line, in: range)
        }
        switch key {
        case "maxCnxns": options.core.maxCnxns = try number(0...1_000_000)
        case "globalOutstandingLimit": options.core.globalOutstandingLimit = try number(1...largest)
        case "request_throttle_max_requests": options.core.requestThrottleMaxRequests = try number(0...largest)
        case "throttled_op_wait_time":
            options.core.throttledOpWaitTime = .milliseconds(UInt64(try number(0...largest)))
        case "nio.sessionlessCnxnTimeout":
            options.core.handshakeTimeout = .milliseconds(UInt64(try number(1...largest)))
        case "znode.container.checkIntervalMs":
            options.core.containerCheckInterval = .milliseconds(UInt64(try number(1...largest)))
        case "znode.container.maxPerMinute": options.core.containerMaxPerMinute = try number(1...largest)
        case "znode.container.maxNeverUsedIntervalMs":
            options.core.containerMaxNeverUsedMilliseconds = Int64(try number(0...largest))
        default: return false
        }
        return true
    }

    private mutating func applyAccess(_ key: String, _ value: String) -> Bool {
        switch key {
        case "skipACL": options.core.access.skipACL = value == "yes"
        case "DigestAuthenticationProvider.enabled": options.core.access.isDigestEnabled = Self.isTrue(value)
        case "DigestAuthenticationProvider.superDigest": options.core.access.superDigest = value
        case "X509AuthenticationProvider.superUser": options.core.access.x509SuperUser = value
        case "letAnySaslUserDoX": options.core.access.letAnySaslUserDoX = value
        case "ensembleAuthName": options.core.access.ensembleAuthName = value
        case "allowSaslFailedClients": options.core.access.allowSaslFailedClients = Self.isTrue(value)
        case "sessionRequireClientSASLAuth":
            guard Self.isTrue(value) else { break }
            options.core.access.enforceAuthEnabled = true
            options.core.access.enforceAuthSchemes = ["sasl"]
        case "enforce.auth.enabled": options.core.access.enforceAuthEnabled = Self.isTrue(value)
        case "enforce.auth.schemes":
            options.core.access.enforceAuthSchemes = value.split(separator: ",").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        case _ where key == "superUser" || key.hasPrefix("superUser."): options.core.access.superUsers.append(value)
        case _ where key.hasPrefix("authProvider."):
            let schemes = ["SASL": "sasl", "X509": "x509", "Ensemble": "ensemble", "IP": "ip", "Digest": "digest"]
            let name = value.split(separator: ".").last.map { $0.replacing("AuthenticationProvider", with: "") } ?? ""
            guard let scheme = schemes[String(name)] else { return false }
            options.core.access.authProviders.append(scheme)
        default: return false
        }
        return true
    }

    /// As Java reads a boolean: anything else is false.
    static func isTrue(_ value: String) -> Bool { value.lowercased() == "true" }
}

/// Java's files of users for SASL, as far as DIGEST-MD5 needs them.
package enum JAASFile {
    /// Names and passwords of the section `Server`: `user_NAME="PASSWORD"`.
    package static func users(in text: String) -> [String: String] {
        let lines = text.split(separator: "\n").map { $0.prefix { $0 != "#" } }.joined(separator: " ")
        guard let section = lines.firstMatch(of: /\bServer\s*\{([^}]*)\}/) else { return [:] }
        let pairs = section.1.matches(of: /\buser_([^\s=]+)\s*=\s*"([^"]*)"/)
        return Dictionary(pairs.map { (String($0.1), String($0.2)) }) { _, last in last }
    }
}
