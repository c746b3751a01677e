/// Sentences about servers that replicate together.
public enum EnsembleMessages {
    public static func badGreeting(_ address: String) -> LocalizedText {
        LocalizedText(
            "\(address) connected to the election port and did not speak as a server does. Somebody may have mistaken the port.",
            zh: "\(address) 连上了选举端口，说的却不是服务器之间的协议，可能是端口弄错了。")
    }
    public static func sameNumber(_ address: String, _ id: Int64) -> LocalizedText {
        LocalizedText(
            "\(address) says that it is server \(id), as this one does. Give each server its own number in its file ‘myid’.",
            zh: "\(address) 自称服务器 \(id)，与本服务器编号相同。请在各服务器的 myid 文件中写上各自的编号。")
    }
    public static func badEpochFile(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path) should hold one number, the epoch, and holds something else. Without it the server cannot know what it has "
                + "promised. Restore the file from a backup; or, if the other servers are well, empty this server's data folder and "
                + "let it copy everything anew.",
            zh: "\(path) 应只有一个数字（纪元），内容却不是。没有它，服务器就不知道自己承诺过什么。请从备份恢复该文件；"
                + "如果其他服务器都正常，也可以清空本服务器的数据目录，让它重新复制全部数据。")
    }
    public static func cannotTruncate(_ folder: String, to zxid: String) -> LocalizedText {
        LocalizedText(
            "The leader wants this server to go back to \(zxid), and nothing in \(folder) leads there. The server asks the leader for a "
                + "copy of everything instead; its own data stays until that has arrived.",
            zh: "领导者要求本服务器退回到 \(zxid)，但 \(folder) 中的数据无法恢复到那一点。服务器改为向领导者请求完整副本；"
                + "副本到齐之前，本机数据保持不变。")
    }
    public static func configurationNotStored(_ path: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "The ensemble has changed, and \(path) could not be written: \(problem). The server stops, since after a restart it would look "
                + "for servers that may be gone. Make the folder writable, and start it again.",
            zh: "集群成员已变更，但无法写入 \(path)：\(problem)。服务器将停止，否则重启后它会去找可能已不存在的成员。"
                + "请让该目录可写，然后重新启动。")
    }
    public static func clientAddressChanged(_ address: String) -> LocalizedText {
        LocalizedText(
            "The ensemble now says that this server serves clients on \(address). It will after its next start.",
            zh: "集群配置现在规定本服务器在 \(address) 服务客户端，下次启动后生效。")
    }
    public static let looking = LocalizedText("Looking for a leader; clients are not served.", zh: "正在寻找领导者，暂不服务客户端。")
    public static func leading(_ epoch: UInt32) -> LocalizedText {
        LocalizedText("Leading epoch \(epoch).", zh: "成为领导者，纪元 \(epoch)。")
    }
    public static func following(_ leader: Int64, _ epoch: UInt32) -> LocalizedText {
        LocalizedText("Following server \(leader) in epoch \(epoch).", zh: "跟随服务器 \(leader)，纪元 \(epoch)。")
    }
    public static func observing(_ leader: Int64, _ epoch: UInt32) -> LocalizedText {
        LocalizedText("Observing server \(leader) in epoch \(epoch).", zh: "观察服务器 \(leader)，纪元 \(epoch)。")
    }
}
