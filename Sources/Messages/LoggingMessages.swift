/// Sentences about and in the server's log.
public enum LoggingMessages {
    public static func cannotOpen(_ file: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "The log file \(file) cannot be opened: \(problem). Make its folder, give this user the right to write there, or "
                + "name another file.",
            zh: "无法打开日志文件 \(file)：\(problem)。请先建好所在目录并让当前用户可写，或换一个文件。")
    }
    public static func started(_ address: String, folder: String) -> LocalizedText {
        LocalizedText("Serving clients on \(address), data in \(folder).", zh: "正在 \(address) 上为客户端服务，数据位于 \(folder)。")
    }
    public static func administration(_ port: Int) -> LocalizedText {
        LocalizedText("Admin commands on HTTP port \(port).", zh: "管理命令使用 HTTP 端口 \(port)。")
    }
    public static func metrics(_ port: Int) -> LocalizedText {
        LocalizedText(
            "Metrics for Prometheus on HTTP port \(port), /metrics.", zh: "Prometheus 指标使用 HTTP 端口 \(port)，路径 /metrics。"
        )
    }
    public static func signalled(_ name: String) -> LocalizedText {
        LocalizedText("Stopping, as \(name) asks.", zh: "收到 \(name)，正在停止。")
    }
    public static let reloading = LocalizedText(
        "SIGHUP: log files are opened anew, certificates are read again.", zh: "收到 SIGHUP：重新打开日志文件并重新读取证书。")
    public static let stopped = LocalizedText("Stopped in good order.", zh: "已正常停止。")
}
