/// Sentences about encrypted connections, their keys and certificates.
public enum TLSMessages {
    // MARK: Connections

    public static func plainClient(_ peer: String) -> LocalizedText {
        LocalizedText(
            "The client \(peer) spoke without TLS on a port for TLS; it was turned away. Set TLS up in the client, or send it to "
                + "clientPort.",
            zh: "客户端 \(peer) 在 TLS 端口上使用了明文连接，已被拒绝。请为客户端启用 TLS，或让它改连 clientPort。")
    }
    public static func plainServer(_ peer: String) -> LocalizedText {
        LocalizedText(
            "The server \(peer) answers without TLS. Name its secureClientPort, or connect without TLS.",
            zh: "服务器 \(peer) 的应答不是 TLS。请改用它的 secureClientPort，或者不使用 TLS 连接。")
    }
    public static func encryptedClient(_ peer: String) -> LocalizedText {
        LocalizedText(
            "The client \(peer) spoke TLS on a port without TLS; it was turned away. Send it to secureClientPort, or set "
                + "client.portUnification=true.",
            zh: "客户端 \(peer) 在非 TLS 端口上使用了 TLS，已被拒绝。请让它改连 secureClientPort，或设置 client.portUnification=true。")
    }
    public static func badCertificate(_ peer: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "The certificate of \(peer) is not accepted: \(problem). Check its dates, and that the trust store holds the "
                + "authority that issued it.",
            zh: "不接受 \(peer) 的证书：\(problem)。请检查证书的有效期，并确认信任库里有签发它的机构。")
    }
    public static func wrongHost(_ peer: String) -> LocalizedText {
        LocalizedText(
            "The certificate of the server does not name the host \(peer). Use a host name that it names, or have it "
                + "issued for this one.",
            zh: "服务器的证书里没有主机名 \(peer)。请用证书里写的主机名连接，或为这个主机名重新签发证书。")
    }
    public static func wrongAddress(_ peer: String) -> LocalizedText {
        LocalizedText(
            "The certificate of the client \(peer) does not name the address it comes from. Have it issued for that address, or "
                + "turn ssl.clientHostnameVerification off.",
            zh: "客户端 \(peer) 的证书里没有它的来源地址。请为该地址签发证书，或关闭 ssl.clientHostnameVerification。")
    }
    public static func noCertificate(_ peer: String) -> LocalizedText {
        LocalizedText(
            "The client \(peer) showed no certificate, and ssl.clientAuth demands one. Give the client a certificate, or set "
                + "ssl.clientAuth=want or none.",
            zh: "客户端 \(peer) 没有出示证书，而 ssl.clientAuth 要求出示。请为客户端配置证书，或设置 ssl.clientAuth=want 或 none。")
    }
    public static func refusedByPeer(_ peer: String, _ alert: String) -> LocalizedText {
        LocalizedText(
            "\(peer) refused the TLS connection: “\(alert)”. The log of the other side says more.",
            zh: "\(peer) 拒绝了 TLS 连接：“\(alert)”。详细原因请看对方的日志。")
    }
    public static func tornHandshake(_ peer: String) -> LocalizedText {
        LocalizedText(
            "\(peer) hung up in the middle of the TLS handshake. Perhaps it does not speak TLS on this port, or does not accept "
                + "this side's certificate.",
            zh: "\(peer) 在 TLS 握手中途断开。它在这个端口上可能不用 TLS，也可能不接受本方的证书。")
    }
    public static func timedOut(_ peer: String) -> LocalizedText {
        LocalizedText(
            "\(peer) did not finish the TLS handshake in time. Perhaps it does not speak TLS on this port.",
            zh: "\(peer) 没有按时完成 TLS 握手。它在这个端口上可能不用 TLS。")
    }
    public static func tooLong(_ peer: String) -> LocalizedText {
        LocalizedText(
            "\(peer) sent more in a TLS handshake than is allowed; the connection was closed.",
            zh: "\(peer) 在 TLS 握手中发送的数据超过了上限，连接已关闭。")
    }
    public static func other(_ peer: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "TLS with \(peer) failed: \(problem). Compare the protocols and cipher suites of both sides.",
            zh: "与 \(peer) 的 TLS 连接失败：\(problem)。请核对双方的协议版本和加密套件。")
    }

    // MARK: Keys and certificates

    public static func unreadable(_ path: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "\(path) cannot be read: \(problem). Check the path and its permissions.",
            zh: "无法读取 \(path)：\(problem)。请检查路径和权限。")
    }
    public static func tooLarge(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path) is too large for a file of keys and certificates. Check the path.",
            zh: "\(path) 太大，不像是密钥或证书文件。请检查路径。")
    }
    public static func noKey(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path) holds no private key. A PEM key store is the key and its certificate, one after the other, in one file.",
            zh: "\(path) 里没有私钥。PEM 密钥库应在同一个文件里先后包含私钥和证书。")
    }
    public static func noCertificateIn(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path) holds no certificate. Check that it is the file you mean, in PEM or PKCS#12.",
            zh: "\(path) 里没有证书。请确认文件没有弄错，格式为 PEM 或 PKCS#12。")
    }
    public static func malformed(_ path: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "\(path) cannot be understood: \(problem). ‘openssl x509 -in’ or ‘openssl pkcs12 -in’ shows what is in it.",
            zh: "无法解析 \(path)：\(problem)。可用 openssl x509 -in 或 openssl pkcs12 -in 查看其内容。")
    }
    public static func wrongPassword(_ path: String) -> LocalizedText {
        LocalizedText(
            "The password does not open \(path). Check it, or the file that holds it.",
            zh: "口令打不开 \(path)。请检查口令，或存放口令的文件。")
    }
    public static func oldArchive(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path) is locked with algorithms that are no longer safe, and that this machine's OpenSSL lacks. Have a newer "
                + "Java write it again: ‘keytool -importkeystore -srckeystore \(path) -destkeystore store.p12’.",
            zh: "\(path) 使用了已不安全的旧算法加密，本机的 OpenSSL 不支持。请用较新的 Java 重新生成："
                + "keytool -importkeystore -srckeystore \(path) -destkeystore store.p12。")
    }
    public static func javaStore(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path) is a key store in Java's own format, which only Java reads. Convert it with ‘keytool -importkeystore "
                + "-srckeystore \(path) -destkeystore store.p12 -deststoretype PKCS12’, and name store.p12 instead.",
            zh: "\(path) 是 Java 专用格式的密钥库，只有 Java 能读。请用 keytool -importkeystore -srckeystore \(path) "
                + "-destkeystore store.p12 -deststoretype PKCS12 转换，再改用 store.p12。")
    }
    public static func keyMismatch(_ path: String) -> LocalizedText {
        LocalizedText(
            "The first certificate of \(path) does not belong to the private key. Put the key's own certificate first, then "
                + "those that issued it.",
            zh: "\(path) 里的第一张证书与私钥不匹配。请把私钥自己的证书放在最前面，签发者的证书放在后面。")
    }
    public static func secureReady(_ address: String) -> LocalizedText {
        LocalizedText("With TLS it listens on \(address).", zh: "TLS 监听地址为 \(address)。")
    }
    public static let certificatesReloaded = LocalizedText(
        "The certificates were read again; new connections use them.", zh: "证书已重新读取，新的连接将使用新证书。")
    public static func certificatesKept(_ problem: LocalizedText) -> LocalizedText {
        LocalizedText(
            "The certificates could not be read again, and those in use stay. \(problem.english)",
            zh: "未能重新读取证书，继续使用原有证书。\(problem.chinese)")
    }
    public static let missingKeyStore = LocalizedText(
        "A server that speaks TLS needs a private key and a certificate: set ssl.keyStore.location.",
        zh: "启用 TLS 的服务器需要私钥和证书，请设置 ssl.keyStore.location。")
    public static func unknownCipherSuites(_ names: String) -> LocalizedText {
        LocalizedText(
            "None of the cipher suites \(names) is known. ‘openssl ciphers -stdname’ lists those of this machine.",
            zh: "无法识别任何一个加密套件：\(names)。可用 openssl ciphers -stdname 列出本机支持的套件。")
    }
    public static func library(_ problem: String) -> LocalizedText {
        LocalizedText("OpenSSL could not be set up: \(problem).", zh: "OpenSSL 初始化失败：\(problem)。")
    }

    // MARK: Keys of zoo.cfg

    public static let securePort = LocalizedText(
        "The port that speaks TLS and nothing else; 0 takes a free one.", zh: "只用 TLS 的端口；0 表示任选一个空闲端口。")
    public static let secureAddress = LocalizedText(
        "The address of secureClientPort.", zh: "secureClientPort 监听的地址。")
    public static let portUnification = LocalizedText(
        "Whether clientPort speaks TLS too, with clients that begin so.", zh: "clientPort 是否同时接受以 TLS 开始的连接。")
    public static let quorumTLS = LocalizedText(
        "Whether servers speak TLS with each other, on the quorum and election ports.", zh: "服务器之间（仲裁端口和选举端口）是否使用 TLS。")
    public static let quorumKeyStore = LocalizedText(
        "The key and certificates for other servers and for administrators over HTTPS, PEM or PKCS#12; HTTPS takes those of ‘ssl.keyStore’ "
            + "where they are not given.",
        zh: "面向其他服务器以及管理端 HTTPS 的私钥和证书，PEM 或 PKCS#12；未设置时 HTTPS 使用 ssl.keyStore 的。")
    public static let quorumTrustStore = LocalizedText(
        "The authorities that certificates of other servers, and of administrators over HTTPS, must come from; HTTPS takes those of "
            + "‘ssl.trustStore’ where they are not given.",
        zh: "其他服务器以及管理端 HTTPS 客户端的证书必须由其签发的机构；未设置时 HTTPS 使用 ssl.trustStore 的。")
    public static let quorumUnification = LocalizedText(
        "Whether those ports take connections with TLS and without, while an ensemble changes over server by server.",
        zh: "上述端口是否同时接受加密和未加密的连接，用于逐台切换到 TLS。")
    public static let quorumHostnames = LocalizedText(
        "Whether a server's certificate must name the host of its ‘server.N’ line.", zh: "服务器证书是否必须写有其 server.N 行中的主机名。"
    )
    public static let certReload = LocalizedText(
        "Whether keys and certificates are read again when their files change. SIGHUP has them read at any time.",
        zh: "密钥和证书文件变化时是否自动重新读取。发送 SIGHUP 可随时重新读取。")
    public static let keyStore = LocalizedText(
        "The server's private key and certificates: a PEM file with the key and then its chain, or PKCS#12.",
        zh: "服务器的私钥和证书：先私钥后证书链的 PEM 文件，或 PKCS#12 文件。")
    public static let trustStore = LocalizedText(
        "The authorities that clients' certificates must come from: PEM or PKCS#12; without it, those of the system.",
        zh: "客户端证书的签发机构：PEM 或 PKCS#12 文件；不设置时使用系统的机构列表。")
    public static let password = LocalizedText("The store's password.", zh: "该文件的口令。")
    public static let passwordPath = LocalizedText(
        "A file whose first line is the password; it counts more than the password itself.",
        zh: "第一行为口令的文件，优先于直接写出的口令。")
    public static let storeType = LocalizedText(
        "PEM or PKCS12; without it the file's name decides. JKS and BCFKS are refused, with the way to convert them.",
        zh: "PEM 或 PKCS12；不设置时按文件名判断。JKS 和 BCFKS 会被拒绝，并提示转换方法。")
    public static let clientAuth = LocalizedText(
        "Whether clients must (need), may (want) or need not (none) show a certificate.",
        zh: "客户端必须（need）、可以（want）还是不需要（none）出示证书。")
    public static let protocolName = LocalizedText(
        "The version of TLS, or TLS for both.", zh: "TLS 的版本，写 TLS 表示两种都用。")
    public static let enabledProtocols = LocalizedText(
        "The versions of TLS; those before 1.2 are never spoken.", zh: "启用的 TLS 版本；1.2 以前的版本一律不用。")
    public static let cipherSuites = LocalizedText(
        "Cipher suites in order of preference, as Java or OpenSSL names them; without it OpenSSL's own choice.",
        zh: "按优先顺序列出的加密套件，可用 Java 或 OpenSSL 的名称；不设置时由 OpenSSL 决定。")
    public static let hostnameVerification = LocalizedText(
        "Whether names in certificates are checked at all.", zh: "是否核对证书里的名称。")
    public static let clientHostnameVerification = LocalizedText(
        "Whether a client's certificate must name the address it comes from.", zh: "客户端证书里是否必须有它的来源地址。")
    public static let revocationLists = LocalizedText(
        "Whether certificates are checked against the revocation lists that the PEM trust store holds beside its authorities.",
        zh: "是否用 PEM 信任库中附带的吊销列表核对证书。")
    public static let handshakeTimeout = LocalizedText(
        "Milliseconds that a TLS handshake may take as a whole.", zh: "一次 TLS 握手最多可用的毫秒数。")
    public static let handshakeLimit = LocalizedText(
        "TLS handshakes that may be under way at once; more are turned away. -1 for no limit.",
        zh: "同时进行的 TLS 握手数上限，超出的连接会被拒绝；-1 表示不限。")
    public static let handshakeLimitWanted = LocalizedText("a whole number, -1 for no limit", zh: "整数，-1 表示不限")
    public static let portNumber = LocalizedText("a port from 0 to 65535", zh: " 0 到 65535 之间的端口号")
    public static let milliseconds = LocalizedText("a whole number of milliseconds", zh: "整数毫秒数")
    public static let notEmpty = LocalizedText("something", zh: "非空的值")
    public static let trueOrFalse = LocalizedText("true or false", zh: " true 或 false")
    public static func oneOf(_ words: String) -> LocalizedText {
        LocalizedText("one of \(words)", zh: "以下之一：\(words)")
    }
    public static let versions = LocalizedText("TLSv1.2, TLSv1.3 or both", zh: " TLSv1.2、TLSv1.3 或两者")
}
