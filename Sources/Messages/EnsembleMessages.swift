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
    public static func clientPortMoved(_ address: String) -> LocalizedText {
        LocalizedText(
            "The ensemble has moved this server's port for clients: it serves them on \(address) now. Who is connected stays.",
            zh: "集群变更了本服务器的客户端端口：现在在 \(address) 服务客户端，已有的连接不受影响。")
    }
    public static func clientPortNotMoved(_ address: String, _ problem: LocalizedText) -> LocalizedText {
        LocalizedText(
            "The ensemble wants this server to serve clients on \(address), which cannot be had: \(problem.english) It tries again every "
                + "second.",
            zh: "集群要求本服务器在 \(address) 服务客户端，但无法监听：\(problem.chinese)本服务器每秒重试一次。")
    }
    public static func tooManySyncs(_ server: Int64, _ key: String, _ limit: Int) -> LocalizedText {
        LocalizedText(
            "Observer \(server) must wait: \(limit) servers are being brought up to date already (\(key)). It comes again by itself.",
            zh: "观察者 \(server) 需要等待：已有 \(limit) 台服务器正在同步数据（\(key)）。它会自行重试。")
    }
    public static func noLogin(_ address: String) -> LocalizedText {
        LocalizedText(
            "\(address) did not log in, as quorum.auth.serverRequireSasl demands of every server; it was turned away. Set "
                + "quorum.auth.enableSasl=true and quorum.auth.learnerRequireSasl=true there.",
            zh: "\(address) 没有登录，而 quorum.auth.serverRequireSasl 要求每个服务器都登录，已被拒绝。请在对方设置 "
                + "quorum.auth.enableSasl=true 和 quorum.auth.learnerRequireSasl=true。")
    }
    public static func wrongLogin(_ address: String) -> LocalizedText {
        LocalizedText(
            "\(address) wanted to log in as a server, with a user or a password that this server does not have; it was turned away. The "
                + "section ‘QuorumLearner’ of its JAAS file must name a user of this one's ‘QuorumServer’.",
            zh: "\(address) 以服务器身份登录，但用户名或口令与本服务器的记录不符，已被拒绝。它的 JAAS 文件中 QuorumLearner 一节"
                + "必须是本服务器 QuorumServer 一节里的用户。")
    }
    public static func loginMalformed(_ address: String) -> LocalizedText {
        LocalizedText(
            "\(address) began to log in as a server, and went on in a way that is no login by DIGEST-MD5; it was turned away.",
            zh: "\(address) 开始以服务器身份登录，但后续内容不是 DIGEST-MD5 登录，已被拒绝。")
    }
    public static func loginRefusedByPeer(_ address: String) -> LocalizedText {
        LocalizedText(
            "The server \(address) does not accept this server's login. The section ‘QuorumLearner’ of the JAAS file here must name a user "
                + "of the section ‘QuorumServer’ there, with the same password.",
            zh: "服务器 \(address) 不接受本服务器的登录。这里 JAAS 文件的 QuorumLearner 一节必须是对方 QuorumServer 一节里的用户，口令也要相同。")
    }
    public static func loginUnproven(_ address: String) -> LocalizedText {
        LocalizedText(
            "The server \(address) could not show that it knows the password by which this one logged in; the connection was given up.",
            zh: "服务器 \(address) 无法证明它知道本服务器登录所用的口令，连接已放弃。")
    }
    public static func loginBroken(_ address: String) -> LocalizedText {
        LocalizedText(
            "The server \(address) hung up, or answered something else, while this one was logging in. Perhaps "
                + "quorum.auth.enableSasl=true is missing there.",
            zh: "本服务器登录时，服务器 \(address) 断开了连接或作了别的应答。对方可能没有设置 quorum.auth.enableSasl=true。")
    }
    public static func loginLate(_ address: String) -> LocalizedText {
        LocalizedText(
            "A login between this server and \(address) was not finished in time (quorumCnxnTimeoutMs on the election port, cnxTimeout on "
                + "the other one); the connection was given up.",
            zh: "本服务器与 \(address) 之间的登录没有按时完成（选举端口见 quorumCnxnTimeoutMs，另一个端口见 cnxTimeout），连接已放弃。")
    }
    public static func electionPortLater(_ problem: LocalizedText) -> LocalizedText {
        LocalizedText(
            "This server cannot take part in elections yet: \(problem.english) It tries again in a second.",
            zh: "本服务器暂时无法参加选举：\(problem.chinese)一秒后重试。")
    }
    public static func noElectionPort(_ problem: LocalizedText, attempts: Int) -> LocalizedText {
        LocalizedText(
            "After \(attempts) attempts there is no listening on this server's election port: \(problem.english) Without it the server cannot "
                + "take part in elections. Where the reason goes away by itself, let it try more often (electionPortBindRetry).",
            zh: "尝试 \(attempts) 次之后仍无法监听选举端口：\(problem.chinese)没有它，服务器无法参加选举。如果问题会自行消失，请增加尝试次数（electionPortBindRetry）。")
    }
    public static func oracle(_ path: String, mayGoOn: Bool) -> LocalizedText {
        mayGoOn
            ? LocalizedText(
                "The oracle \(path) lets this server go on without the other voter.",
                zh: "\(path) 允许本服务器在另一个投票者失联时独自继续。")
            : LocalizedText(
                "The oracle \(path) does not let this server go on without the other voter.",
                zh: "\(path) 不允许本服务器在另一个投票者失联时独自继续。")
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
