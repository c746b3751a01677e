package import CoordinationServer
import EventLoop
import Foundation

extension LoopbackServer {
    /// The folder, with a slash at its end, of what `scripts/test-certificates` made.
    package static let certificates =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/Tests/EventLoopTests/Fixtures/Certificates/"

    /// One that speaks TLS too, and wants to see a certificate: "client.pem", whose authority is "authority.pem" as its own.
    ///
    /// - Parameter keys: its own certificate and private key; "elsewhere.pem" names another host.
    package static func secure(
        keys: String = "server.pem", configure: @escaping @Sendable (inout ServerOptions) -> Void = { _ in }
    ) async throws -> LoopbackServer {
        try await LoopbackServer { options in
            options.tls.securePort = 0
            options.tls.secureHost = "127.0.0.1"
            options.tls.rules.keyStore = TLSStore(certificates + keys)
            options.tls.rules.trustStore = TLSStore(certificates + "authority.pem")
            configure(&options)
        }
    }
}
