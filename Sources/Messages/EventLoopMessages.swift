/// Sentences about sockets, processes and other things of the operating system.
public enum EventLoopMessages {
    public static func addressInUse(_ address: String) -> LocalizedText {
        LocalizedText(
            "\(address) is already in use by another program. Stop that program, or choose another port.",
            zh: "\(address) 已被其他程序占用。请先关闭那个程序，或者换一个端口。")
    }
    public static func addressNotPermitted(_ address: String) -> LocalizedText {
        LocalizedText(
            "This user may not open \(address). Choose a port from 1024 upwards.",
            zh: "当前用户无权打开 \(address)。请改用 1024 及以上的端口。")
    }
    public static func addressNotAvailable(_ address: String) -> LocalizedText {
        LocalizedText(
            "\(address) is not an address of this machine. Use 127.0.0.1, or one that ‘ip address’ lists.",
            zh: "\(address) 不是本机的地址。请使用 127.0.0.1，或 ip address 列出的地址。")
    }
    public static func unknownHost(_ host: String) -> LocalizedText {
        LocalizedText(
            "No address is known for the host ‘\(host)’. Check its spelling, or give a numeric address.",
            zh: "查不到主机“\(host)”的地址。请检查拼写，或直接写数字地址。")
    }
    public static func connectionRefused(_ address: String) -> LocalizedText {
        LocalizedText(
            "Nothing accepts connections at \(address). Is the server running, and is this its port?",
            zh: "\(address) 没有程序在接受连接。请确认服务器已启动，端口也没有写错。")
    }
    public static func programNotFound(_ program: String) -> LocalizedText {
        LocalizedText(
            "The program ‘\(program)’ was not found. Install it, or give its full path.",
            zh: "找不到程序“\(program)”。请先安装，或写出它的完整路径。")
    }
    public static func programNotPermitted(_ program: String) -> LocalizedText {
        LocalizedText(
            "The program ‘\(program)’ may not be run by this user. Check its permissions (‘chmod +x’).",
            zh: "当前用户无权运行程序“\(program)”。请检查它的权限（chmod +x）。")
    }
    public static func tooManyOpenFiles(_ subject: String) -> LocalizedText {
        LocalizedText(
            "Too many files and connections are open, at \(subject). Raise the limit with ‘ulimit -n’.",
            zh: "打开的文件和连接太多，卡在 \(subject)。请用 ulimit -n 提高上限。")
    }
    public static func systemFailure(operation: LocalizedText, subject: String, code: String) -> LocalizedText {
        LocalizedText(
            "\(operation.english) \(subject) failed: the system says \(code).",
            zh: "\(operation.chinese) \(subject) 失败，系统返回 \(code)。")
    }
    public static let listening = LocalizedText("Listening on", zh: "监听")
    public static let connecting = LocalizedText("Connecting to", zh: "连接")
    public static let reading = LocalizedText("Reading from", zh: "读取")
    public static let writing = LocalizedText("Writing to", zh: "写入")
    public static let launching = LocalizedText("Starting", zh: "启动")
    public static let signalling = LocalizedText("Signalling", zh: "发送信号给")
    public static let creating = LocalizedText("Setting up", zh: "创建")
    public static let loopStopped = LocalizedText(
        "The event loop has stopped already.", zh: "事件循环已经停止。")
}
