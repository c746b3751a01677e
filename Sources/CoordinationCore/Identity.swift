package import Bytes
import WireProtocol

/// Who a connection has proved to be, in one scheme.
package struct Identity: Hashable, Sendable {
    package var scheme: ByteString
    package var id: ByteString

    package init(scheme: ByteString, id: ByteString) {
        self.scheme = scheme
        self.id = id
    }

    /// May do everything.
    static let superuser = Identity(scheme: Scheme.superuser, id: "")

    /// The name without proofs: what `whoAmI` tells.
    var user: ByteString {
        guard scheme == Scheme.digest else { return id }
        return ByteString(bytes: Array(id.bytes.prefix { $0 != UInt8(ascii: ":") }))
    }
}

/// The names of the schemes.
enum Scheme {
    static let world: ByteString = "world"
    static let auth: ByteString = "auth"
    static let address: ByteString = "ip"
    static let digest: ByteString = "digest"
    static let certificate: ByteString = "x509"
    static let sasl: ByteString = "sasl"
    static let ensemble: ByteString = "ensemble"
    static let superuser: ByteString = "super"
}
