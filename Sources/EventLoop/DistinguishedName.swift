import COpenSSL

/// Names of X.509 certificates as Java prints them, since that is what access rules of ZooKeeper's `x509` scheme hold.
///
/// - Source: RFC 2253, with the choices of `javax.security.auth.x500.X500Principal.getName()`: nine short names, other
///   types as dotted numbers with their value in hexadecimal, and `=` and `#` escaped wherever they stand.
enum DistinguishedName {
    private static let keywords: [String: String] = [
        "2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
        "2.5.4.9": "STREET", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
    ]
    private static let textTypes: Set<Int32> = [
        V_ASN1_PRINTABLESTRING, V_ASN1_T61STRING, V_ASN1_IA5STRING, V_ASN1_GENERALSTRING, V_ASN1_BMPSTRING,
        V_ASN1_UNIVERSALSTRING, V_ASN1_UTF8STRING,
    ]

    /// - Parameter name: an `X509_NAME`.
    static func text(of name: OpaquePointer) -> String {
        var groups: [(set: Int32, text: String)] = []
        for index in 0..<max(0, X509_NAME_entry_count(name)) {
            guard let entry = X509_NAME_get_entry(name, index) else { continue }
            let (set, text) = (X509_NAME_ENTRY_set(entry), part(entry))
            // Entries of one set are one step of the name.
            if groups.last?.set == set {
                groups[groups.count - 1].text += "+" + text
            } else {
                groups.append((set, text))
            }
        }
        return groups.reversed().map(\.text).joined(separator: ",")
    }

    private static func part(_ entry: OpaquePointer) -> String {
        let type = number(of: X509_NAME_ENTRY_get_object(entry))
        guard let value = X509_NAME_ENTRY_get_data(entry) else { return type + "=" }
        if let keyword = keywords[type], textTypes.contains(ASN1_STRING_type(value)) {
            return keyword + "=" + escaped(contents(of: value))
        }
        return (keywords[type] ?? type) + "=#" + hexadecimal(encoding(of: value))
    }

    private static func number(of object: OpaquePointer?) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
            OBJ_obj2txt(text.baseAddress, Int32(text.count), object, 1) > 0 ? String(cString: text.baseAddress!) : "?"
        }
    }

    private static func contents(of value: UnsafePointer<ASN1_STRING>) -> String {
        String(
            decoding: UnsafeBufferPointer(start: ASN1_STRING_get0_data(value), count: Int(ASN1_STRING_length(value))),
            as: UTF8.self)
    }

    /// DER: type, length, contents.
    private static func encoding(of value: UnsafePointer<ASN1_STRING>) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let any = ASN1_TYPE_new()
        defer { ASN1_TYPE_free(any) }
        ASN1_TYPE_set1(any, ASN1_STRING_type(value), value)
        let count = i2d_ASN1_TYPE(any, &bytes)
        defer { CRYPTO_free(bytes, #file, #line) }
        return count > 0 ? Array(UnsafeBufferPointer(start: bytes, count: Int(count))) : []
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func escaped(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        let isBlank: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\r" }
        let first = scalars.firstIndex { !isBlank($0) } ?? scalars.count
        let last = scalars.lastIndex { !isBlank($0) } ?? -1
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\0" {
                result.append(contentsOf: "\\00".unicodeScalars)
                continue
            }
            if index < first || index > last || ",=+<>#;\"\\".unicodeScalars.contains(scalar) { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }
}
