import CLibuv
import COpenSSL

/// An error of OpenSSL, which keeps a queue of them for each thread.
struct OpenSSLError: Equatable {
    let library: Int32
    let reason: Int32
    /// In OpenSSL's own English; for programmers and administrators.
    let text: String

    static func == (one: OpenSSLError, other: OpenSSLError) -> Bool {
        one.library == other.library && one.reason == other.reason
    }

    private init(_ code: UInt) {
        library = zoolab_error_library(code)
        reason = zoolab_error_reason(code)
        text = ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }

    private init(library: Int32, reason: Int32) { (self.library, self.reason, text) = (library, reason, "") }

    /// The queue's error that says most: that of a password, else the latest. The queue is empty afterwards.
    static func take() -> OpenSSLError {
        var latest = OpenSSLError(ERR_peek_last_error())
        while case let code = ERR_get_error(), code != 0 {
            let error = OpenSSLError(code)
            if error.isWrongPassword { latest = error }
        }
        return latest
    }

    /// What the operating system said of a file.
    static func systemProblem() -> String {
        defer { ERR_clear_error() }
        // Such errors carry the number of `errno`, and no text.
        return String(cString: uv_strerror(uv_translate_sys_error(zoolab_error_reason(ERR_peek_error()))))
    }

    /// The file has no more objects of the kind looked for.
    static let pemNoStartLine = OpenSSLError(library: Int32(ERR_LIB_PEM), reason: Int32(PEM_R_NO_START_LINE))

    static func ssl(_ reason: Int32) -> OpenSSLError { OpenSSLError(library: Int32(ERR_LIB_SSL), reason: reason) }

    /// An algorithm that the providers in use do not have.
    var isUnsupported: Bool { zoolab_error_is_unsupported(reason) != 0 }

    var isWrongPassword: Bool {
        switch library {
        case Int32(ERR_LIB_EVP): reason == Int32(EVP_R_BAD_DECRYPT)
        case Int32(ERR_LIB_PROV): text.hasSuffix("bad decrypt")
        case Int32(ERR_LIB_PEM): reason == Int32(PEM_R_BAD_DECRYPT) || reason == Int32(PEM_R_BAD_PASSWORD_READ)
        case Int32(ERR_LIB_PKCS12):
            reason == Int32(PKCS12_R_MAC_VERIFY_FAILURE) || reason == Int32(PKCS12_R_PKCS12_CIPHERFINAL_ERROR)
        default: false
        }
    }
}
