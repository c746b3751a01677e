/// Sentences about the HTTP servers for administrators and metrics.
public enum HTTPMessages {
    public static func cannotListen(_ address: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "HTTP cannot be served on \(address): \(problem). Choose another port with ‘admin.serverPort’ or "
                + "‘metricsProvider.httpPort’, or switch it off with ‘admin.enableServer=false’.",
            zh: "无法在 \(address) 上提供 HTTP 服务：\(problem)。请用 admin.serverPort 或 metricsProvider.httpPort 换一个端口，"
                + "或用 admin.enableServer=false 关闭。")
    }
    public static let cannotStart = LocalizedText(
        "The HTTP server could not be started: the system gives no more threads or memory. Free some, then try again.",
        zh: "无法启动 HTTP 服务：系统没有多余的线程或内存。请释放一些资源后重试。")
}
