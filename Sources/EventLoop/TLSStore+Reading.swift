import COpenSSL

/// What a store's file holds, as objects of OpenSSL that this value owns.
struct KeyMaterial: ~Copyable {
    /// `EVP_PKEY`.
    fileprivate(set) var key: OpaquePointer?
    /// `X509`, in the order of the file; with a key, the key's own comes first.
    fileprivate(set) var certificates: [OpaquePointer] = []
    /// `X509_CRL`.
    fileprivate(set) var revocations: [OpaquePointer] = []

    fileprivate init() {}

    deinit {
        EVP_PKEY_free(key)
        for certificate in certificates { X509_free(certificate) }
        for revocation in revocations { X509_CRL_free(revocation) }
    }
}

extension TLSStore {
    /// The largest file that is read.
    static let sizeLimit = 4 << 20

    /// Reads the file; blocks.
    ///
    /// - Parameter wantsKey: whether a private key must be there; without it none is looked for.
    func read(wantsKey: Bool) throws(TLSSetupFailure) -> KeyMaterial {
        let bytes = try Self.contents(of: location)
        // Java's magic numbers, so that a wrong name does not lead to a riddle.
        let isJava = bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED]) || bytes.starts(with: [0xCE, 0xCE, 0xCE, 0xCE])
        if isJava { throw .javaStore(path: location) }
        let password = try actualPassword()
        switch actualFormat {
        case .pem: return try readPEM(bytes, password, wantsKey: wantsKey)
        // Java reads PKCS#12 under the name of its own format, and so do the servers that people come from.
        case .pkcs12, .jks: return try readPKCS12(bytes, password, wantsKey: wantsKey)
        case .bcfks: throw .javaStore(path: location)
        }
    }

    private func actualPassword() throws(TLSSetupFailure) -> String {
        guard let passwordLocation else { return password }
        let text = String(decoding: try Self.contents(of: passwordLocation), as: UTF8.self)
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    private static func contents(of path: String) throws(TLSSetupFailure) -> [UInt8] {
        ERR_clear_error()
        guard let file = BIO_new_file(path, "rb") else {
            throw .unreadable(path: path, problem: OpenSSLError.systemProblem())
        }
        defer { BIO_free(file) }
        var bytes: [UInt8] = []
        while bytes.count <= sizeLimit {
            let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                count = max(0, Int(BIO_read(file, buffer.baseAddress, Int32(buffer.count))))
            }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        guard bytes.count <= sizeLimit else { throw .tooLarge(path: path) }
        // A folder opens, and fails at its first byte.
        if bytes.isEmpty, ERR_peek_error() != 0 {
            throw .unreadable(path: path, problem: OpenSSLError.systemProblem())
        }
        return bytes
    }

    // MARK: PEM

    private func readPEM(
        _ bytes: [UInt8], _ password: String, wantsKey: Bool
    ) throws(TLSSetupFailure) -> KeyMaterial {
        var material = KeyMaterial()
        if wantsKey {
            let keyPath = keyLocation ?? location
            material.key = try Self.key(
                in: keyLocation == nil ? bytes : try Self.contents(of: keyPath), password, path: keyPath)
        }
        material.certificates = try Self.each(of: bytes, path: location) { PEM_read_bio_X509_AUX($0, nil, nil, nil) }
        material.revocations = try Self.each(of: bytes, path: location) { PEM_read_bio_X509_CRL($0, nil, nil, nil) }
        if material.certificates.isEmpty { throw .noCertificate(path: location) }
        return material
    }

    private static func key(
        in bytes: [UInt8], _ password: String, path: String
    ) throws(TLSSetupFailure) -> OpaquePointer {
        guard bytes.indices.contains(where: { bytes[$0...].starts(with: "PRIVATE KEY-----".utf8) }) else {
            throw .noKey(path: path)
        }
        ERR_clear_error()
        // A password is always given, or OpenSSL would ask for one at the terminal.
        let key = password.withCString { password in
            reading(bytes) { PEM_read_bio_PrivateKey($0, nil, nil, UnsafeMutablePointer(mutating: password)) }
        }
        if let key { return key }
        let error = OpenSSLError.take()
        throw error.isWrongPassword ? .wrongPassword(path: path) : .malformed(path: path, problem: error.text)
    }

    /// Reads objects until the file has no more of that kind.
    private static func each(
        of bytes: [UInt8], path: String, _ next: (OpaquePointer?) -> OpaquePointer?
    ) throws(TLSSetupFailure) -> [OpaquePointer] {
        ERR_clear_error()
        let objects = reading(bytes) { file in
            var objects: [OpaquePointer] = []
            while let object = next(file) { objects.append(object) }
            return objects
        }
        let error = OpenSSLError.take()
        guard error == .pemNoStartLine else { throw .malformed(path: path, problem: error.text) }
        return objects
    }

    private static func reading<Value>(_ bytes: [UInt8], _ body: (OpaquePointer?) -> Value) -> Value {
        bytes.withUnsafeBytes { buffer in
            let file = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count))
            defer { BIO_free(file) }
            return body(file)
        }
    }

    // MARK: PKCS#12

    /// Java before 2021 locked its PKCS#12 files with algorithms that OpenSSL keeps apart, and that TLS itself never uses.
    /// They are fetched when the first such file is met.
    private static let knowsOldAlgorithms =
        OSSL_PROVIDER_load(nil, "default") != nil && OSSL_PROVIDER_load(nil, "legacy") != nil

    private func readPKCS12(
        _ bytes: [UInt8], _ password: String, wantsKey: Bool
    ) throws(TLSSetupFailure) -> KeyMaterial {
        ERR_clear_error()
        guard let archive = Self.reading(bytes, { d2i_PKCS12_bio($0, nil) }) else {
            throw .malformed(path: location, problem: OpenSSLError.take().text)
        }
        defer { PKCS12_free(archive) }
        var (key, own, others): (OpaquePointer?, OpaquePointer?, OpaquePointer?)
        let open = { PKCS12_parse(archive, password, &key, &own, &others) == 1 ? nil : OpenSSLError.take() }
        var error = open()
        if error?.isUnsupported == true, Self.knowsOldAlgorithms { error = open() }
        if let error {
            if error.isUnsupported { throw .oldArchive(path: location) }
            throw error.isWrongPassword
                ? .wrongPassword(path: location) : .malformed(path: location, problem: error.text)
        }
        defer { zoolab_certificates_free(others) }
        var material = KeyMaterial()
        material.key = key
        if let own { material.certificates.append(own) }
        for index in 0..<max(0, zoolab_certificates_count(others)) {
            guard let certificate = zoolab_certificate(others, index) else { continue }
            X509_up_ref(certificate)
            material.certificates.append(certificate)
        }
        if wantsKey, key == nil { throw .noKey(path: location) }
        if material.certificates.isEmpty { throw .noCertificate(path: location) }
        return material
    }
}
