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
}
