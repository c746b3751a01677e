import COpenSSL

/// Message digests, by OpenSSL, as functions of bytes.
///
/// They identify and compare; SHA-1 and MD5 are here because ZooKeeper's schemes prescribe them, and protect nothing that
/// a guess at the password would not reveal.
public enum Digest {
    public enum Algorithm: String, CaseIterable, Hashable, Sendable {
        case md5 = "MD5"
        case sha1 = "SHA1"
        case sha224 = "SHA224"
        case sha256 = "SHA256"
        case sha384 = "SHA384"
        case sha512 = "SHA512"
        case sha3With256Bits = "SHA3-256"

        /// Also takes the names that Java gives them: “SHA-256”, “sha1”.
        public init?(named name: String) {
            let plain = name.uppercased()
            let known = Self.allCases.first { $0.rawValue == plain || $0.rawValue == plain.filter { $0 != "-" } }
            guard let known else { return nil }
            self = known
        }
    }

    /// The digest of all bytes.
    /// - Precondition: the installed OpenSSL has the algorithm; one in FIPS mode lacks MD5.
    public static func compute(_ algorithm: Algorithm, _ bytes: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length = 0
        let status = EVP_Q_digest(nil, algorithm.rawValue, nil, bytes, bytes.count, &result, &length)
        precondition(status == 1, "this OpenSSL has no \(algorithm.rawValue)")
        return Array(result[..<length])
    }
}

/// Bytes as text of 64 letters (RFC 4648, section 4), with padding.
public enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                let letter = letters[Int(bits >> UInt32(18 - 6 * place) & 63)]
                text.append(place <= group.count ? letter : UInt8(ascii: "="))
            }
        }
        return text
    }
}
