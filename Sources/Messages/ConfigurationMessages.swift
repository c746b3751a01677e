/// Sentences about the keys of `zoo.cfg`: what each does, or why it does nothing here.
public enum ConfigurationMessages {
    // MARK: Places and problems

    public static func place(_ file: String, line: Int) -> LocalizedText {
        LocalizedText("\(file), line \(line)", zh: "\(file) 第 \(line) 行")
    }
    public static let commandLine = LocalizedText("command line", zh: "命令行")
    public static let someText = LocalizedText("a value", zh: "一个值")
    public static let address = LocalizedText("an address or a host name", zh: "地址或主机名")
    public static let filePath = LocalizedText("the path of a file", zh: "文件的路径")
    public static let trueOrFalse = LocalizedText("true or false", zh: " true 或 false")
    public static func oneOf(_ words: String) -> LocalizedText {
        LocalizedText("one of \(words)", zh: "以下之一：\(words)")
    }
    public static let digestID = LocalizedText("of the form super:HASH", zh: " super:哈希 的形式")
    public static let distinguishedName = LocalizedText("a distinguished name", zh: "证书的可分辨名称")
    public static let userName = LocalizedText("the name of a user", zh: "用户名")
    public static let serverLine = LocalizedText(
        "of the form host:port:port[:role][;[address:]port], with two different ports and a number after ‘server.’",
        zh: " 主机:端口:端口[:角色][;[地址:]端口] 的形式，两个端口不同，server. 后面是编号")
    public static func notDynamic(_ place: LocalizedText, _ key: String) -> LocalizedText {
        LocalizedText(
            "\(place.english): ‘\(key)’ does not belong into the file that ‘dynamicConfigFile’ names; only server.N, group.N and "
                + "weight.N do. Move it to the main file.",
            zh: "\(place.chinese)：“\(key)”不能写在 dynamicConfigFile 指定的文件里，那里只能有 server.N、group.N 和 weight.N。"
                + "请把它移到主配置文件。")
    }
    public static func timeoutsCrossed(_ file: String, lowest: Int, highest: Int) -> LocalizedText {
        LocalizedText(
            "\(file): minSessionTimeout (\(lowest)) must not be above maxSessionTimeout (\(highest)).",
            zh: "\(file)：minSessionTimeout（\(lowest)）不能大于 maxSessionTimeout（\(highest)）。")
    }

    // MARK: The page

    public static let pageTitle = LocalizedText("Configuration of the coordination server", zh: "协调服务器的配置")
    public static let pageIntroduction = LocalizedText(
        """
        `zoolab server zoo.cfg` reads an ordinary `zoo.cfg`. Every key of ZooKeeper 3.9 is listed here: those that work, with what
        they do, and below each table those that have no effect, with the reason; the server names such a key when it meets
        one, warns of unknown keys with the nearest known one, and refuses wrong values with their line. A key may also be
        written as a Java property, with `zookeeper.` before it, or given as `-Dzookeeper.KEY=VALUE` before the file; the file has
        the last word. This page is made from the table that the server reads.
        """,
        zh: """
            `zoolab server zoo.cfg` 读取普通的 `zoo.cfg`。这里列出了 ZooKeeper 3.9 的全部键：起作用的列在表中，并说明作用；不起作用的列在表后，
            并说明原因。服务器遇到不起作用的键会指出来，遇到不认识的键会警告并给出最接近的键，遇到错误的值会指明所在的行并拒绝启动。
            键也可以写成 Java 属性（前面加 `zookeeper.`），或者在文件名之前用 `-Dzookeeper.键=值` 给出；两处都有时以文件为准。
            本页由服务器所用的同一张表生成。
            """)
    public static let key = LocalizedText("key", zh: "键")
    public static let byDefault = LocalizedText("default", zh: "默认值")
    public static let meaning = LocalizedText("meaning", zh: "含义")
    public static func withoutEffect(_ keys: String, reason: LocalizedText) -> LocalizedText {
        LocalizedText(
            "Without effect, because \(reason.english): \(keys)", zh: "不起作用（\(reason.chinese)）：\(keys)")
    }
    public static let basicTitle = LocalizedText("Basics", zh: "基本")
    public static let storageTitle = LocalizedText("Logs and snapshots", zh: "日志与快照")
    public static let limitTitle = LocalizedText("Limits", zh: "限制")
    public static let nodeTitle = LocalizedText("Kinds of nodes, quotas", zh: "节点类型与配额")
    public static let accessTitle = LocalizedText("Access", zh: "访问控制")
    public static let operationTitle = LocalizedText("Operation", zh: "运维")
    public static let tlsTitle = LocalizedText("TLS", zh: "TLS")
    public static let ensembleTitle = LocalizedText("Ensembles", zh: "集群")
    public static let innerTitle = LocalizedText("Inner workings", zh: "内部机制")

    // MARK: Reasons

    public static let everyAddress = LocalizedText(
        "every address of a server is listened on, and they are tried in turn", zh: "服务器的每个地址都会监听，连接时依次尝试")
    public static let quorumKeepAlive = LocalizedText(
        "Whether the system asks now and then if a silent server is still there.", zh: "是否让操作系统定期探测沉默的服务器是否还在。")
    public static let roleOfServerLine = LocalizedText(
        "the role in the server's own ‘server.N’ line counts", zh: "以 server.N 行中写明的角色为准")
    public static let oneElection = LocalizedText(
        "fast leader election is the only one there is", zh: "只有快速领导者选举这一种算法")
    public static let observersAlwaysLog = LocalizedText(
        "observers always keep their log on disk", zh: "观察者总会把日志写到磁盘")
    public static let alwaysNoDelay = LocalizedText(
        "what servers send each other is never held back", zh: "服务器之间的数据从不延迟发送")
    public static let pausesInstead = LocalizedText(
        "requests are not queued for other threads: a server with too much to do stops reading from its clients (globalOutstandingLimit)",
        zh: "请求不会排队等待别的线程；处理不过来时，服务器会停止读取客户端的数据（见 globalOutstandingLimit）")
    public static let readsWholeFrames = LocalizedText(
        "records of the log and of snapshots may be as long as they are", zh: "日志和快照中的记录不受此长度限制")
    public static let checkedOnce = LocalizedText(
        "the leader checks access, as ZooKeeper's does by default", zh: "由领导者检查访问权限，与 ZooKeeper 的默认行为相同")
    public static let realAddress = LocalizedText(
        "the scheme ‘ip’ looks at the address of the connection only", zh: "ip 方式只看连接的真实地址")
    public static let noKerberos = LocalizedText("Kerberos is not supported", zh: "不支持 Kerberos")
    public static let noJava = LocalizedText(
        "there is no Java runtime whose pauses could be watched", zh: "没有 Java 虚拟机，也就没有需要监视的停顿")
    public static let notKept = LocalizedText(
        "the last messages of a connection are not kept; see --log-level trace", zh: "不保留连接上最近的消息，可改用 --log-level trace"
    )
    public static let notByPath = LocalizedText(
        "requests are not counted by path; --log-level trace tells each", zh: "不按路径统计请求；用 --log-level trace 可看到每个请求")
    public static let oneLoop = LocalizedText(
        "one event loop does the work of ZooKeeper's threads, queues and selectors",
        zh: "一个事件循环取代了 ZooKeeper 的线程、队列和选择器")
    public static let noResponseCache = LocalizedText(
        "answers are written straight from the tree, without a cache", zh: "应答直接由数据树写出，不经过缓存")
    public static let oneWatchTable = LocalizedText(
        "there is one watch table, which is cleared at once when a connection ends", zh: "只有一张监视表，连接结束时立即清理")
    public static let openSSLDecides = LocalizedText(
        "OpenSSL does TLS here, as it was built", zh: "TLS 由 OpenSSL 实现，取决于其构建方式")
    public static let plainMetrics = LocalizedText(
        "metrics are served over plain HTTP, as ZooKeeper 3.9 serves them", zh: "与 ZooKeeper 3.9 一样，指标只通过普通 HTTP 提供")
    public static let noOCSP = LocalizedText(
        "no responder is asked over the network; see ssl.crl for lists of revoked certificates",
        zh: "不会通过网络查询 OCSP；吊销列表见 ssl.crl")
    public static let ownHTTP = LocalizedText(
        "one thread serves HTTP, and nothing is queued", zh: "HTTP 由一个线程提供，没有队列")
    public static let oneAuditForm = LocalizedText(
        "audit lines always have ZooKeeper's form; see zoolab.audit.file",
        zh: "审计日志始终采用 ZooKeeper 的格式，见 zoolab.audit.file")

    // MARK: Basics

    public static let clientPort = LocalizedText(
        "The port for clients; needed, unless a server.N line gives it. 0 takes a free one.",
        zh: "客户端端口，必填，除非 server.N 一行已经给出。0 表示任一空闲端口。")
    public static let clientPortAddress = LocalizedText(
        "The address to listen on; all of them by default.", zh: "监听的地址，默认监听所有地址。")
    public static let dataDir = LocalizedText(
        "The folder for snapshots, and for logs where ‘dataLogDir’ names no other one; needed.",
        zh: "存放快照的目录，必填；没有 dataLogDir 时也存放日志。")
    public static let dataLogDir = LocalizedText("The folder for transaction logs.", zh: "存放事务日志的目录。")
    public static let tickTime = LocalizedText(
        "The grain of session expiry, in milliseconds.", zh: "会话过期的时间粒度，单位毫秒。")
    public static let minSessionTimeout = LocalizedText(
        "The shortest session timeout a client may have, in milliseconds; two ticks by default (also for -1).",
        zh: "客户端会话超时的下限，单位毫秒；默认两个 tick（-1 同此）。")
    public static let maxSessionTimeout = LocalizedText(
        "The longest session timeout a client may have, in milliseconds; twenty ticks by default (also for -1).",
        zh: "客户端会话超时的上限，单位毫秒；默认二十个 tick（-1 同此）。")
    public static let dynamicConfigFile = LocalizedText(
        "A file that holds the server.N lines.", zh: "存放 server.N 各行的文件。")
    public static let server = LocalizedText(
        "A member of the ensemble: host:quorumPort:electionPort[:role][;[address:]clientPort]. One line means a server by itself, "
            + "unless ‘standaloneEnabled=false’.",
        zh: "集群成员：主机:仲裁端口:选举端口[:角色][;[地址:]客户端端口]。只有一行表示单机，除非 standaloneEnabled=false。")
    public static let initLimit = LocalizedText(
        "How many ticks a server may take to find a leader and to catch up with it.", zh: "服务器找到领导者并追上其数据最多可用的节拍数。")
    public static let syncLimit = LocalizedText(
        "How many ticks a leader and a follower may hear nothing of each other.", zh: "领导者与跟随者之间最多可失联的节拍数。")
    public static let group = LocalizedText(
        "Servers that vote as one group, “1:2:3”: a quorum is a majority in a majority of the groups.",
        zh: "作为一组投票的服务器，如 1:2:3。仲裁集是在过半数的组中各取过半数。")
    public static let weight = LocalizedText(
        "What a server's vote counts in its group; with 0 it cannot lead.", zh: "服务器的票在组内的权重；权重为 0 的不能当领导者。")
    public static let standaloneEnabled = LocalizedText(
        "False makes an ensemble of a single ‘server.N’ line, which others may join.",
        zh: "为 false 时，只有一行 server.N 也组成集群，其他服务器可以加入。")
    public static let quorumListenOnAllIPs = LocalizedText(
        "Whether the quorum and election ports are open on all addresses rather than the server's own.",
        zh: "仲裁端口和选举端口是否监听所有地址，而不只是本服务器自己的地址。")
    public static let cnxTimeout = LocalizedText(
        "How long one attempt to connect to another server may take, in milliseconds.", zh: "每次尝试连接另一台服务器的时限（毫秒）。")
    public static let connectionLimit = LocalizedText(
        "How many ticks a server's five attempts to connect to the leader that was elected may take together; 0 for initLimit.",
        zh: "选出领导者之后，服务器最多尝试连接它五次；这是五次合计的时限（tick 数），0 表示同 initLimit。")
    public static let connectionPause = LocalizedText(
        "How long a server waits before each further of these attempts, in milliseconds.", zh: "上述每两次尝试之间的间隔（毫秒）。")
    public static let electionGreeting = LocalizedText(
        "How long another server may take, once connected to the election port, until it has said who it is, and logged in, in milliseconds; -1 for syncLimit ticks.",
        zh: "另一台服务器连上选举端口之后，说明身份并登录的时限（毫秒）；-1 表示 syncLimit 个 tick。")
    public static let electionPortAttempts = LocalizedText(
        "How often the server tries to listen on its election port, a second apart, before it stops; 0 for no end.",
        zh: "监听选举端口失败时最多尝试多少次，每次间隔一秒，仍不成功则停止服务器；0 表示一直尝试。")
    public static let longestEpochWait = LocalizedText(
        "A server that was elected waits for the others. When one that had voted for it looks for a leader again after so many milliseconds, it gives up at once, and not only after initLimit ticks; -1 for never.",
        zh: "当选的服务器要等其他服务器前来。超过这么多毫秒之后，如果投过它的某台服务器又开始寻找领导者，它就立即放弃，而不必等满 initLimit 个 tick；-1 表示从不如此。")
    public static let observerConnectionDelay = LocalizedText(
        "An observer waits less than so many milliseconds, by chance, before it turns to its leader, so that not all of them come at once; where followers serve observers, only before it begins with the first of them again.",
        zh: "观察者连接领导者之前随机等待一段时间，不超过这么多毫秒，以免所有观察者同时涌来；如果由跟随者服务观察者，则只在轮完一遍、重新从头尝试之前等待。")
    public static let observerElectionDelay = LocalizedText(
        "An observer that has lost its leader waits less than so many milliseconds, by chance, before it asks the voters for the next one.",
        zh: "观察者失去领导者之后随机等待一段时间，不超过这么多毫秒，再向投票者打听新的领导者。")
    public static let oraclePath = LocalizedText(
        "For an ensemble of two voters without groups: a file that something outside of the ensemble writes. While the other voter is lost, and this file begins with 1, the server goes on alone; with anything else, or without the file, it does not. Give each server a file of its own, and never let both say 1: each would go on without the other. Read anew for every decision.",
        zh:
            "用于只有两个投票者、没有分组的集群：由集群之外的程序写入的文件。当另一个投票者失联，而此文件以 1 开头时，本服务器独自继续；内容是别的，或者文件不存在，则不会。每台服务器各用一个文件，绝不能让两边同时为 1，否则两台服务器会各行其是。每次决定都重新读取。"
    )
    public static let minNotificationInterval = LocalizedText(
        "How long a server that looks for a leader waits before it says its vote again, in milliseconds; the wait doubles.",
        zh: "寻找领导者的服务器再次发送选票前等待的时间（毫秒），之后每次加倍。")
    public static let maxNotificationInterval = LocalizedText(
        "The longest such wait, in milliseconds.", zh: "上述等待的上限（毫秒）。")
    public static let commitLogCount = LocalizedText(
        "How many transactions a leader keeps in memory for followers that are not far behind.",
        zh: "领导者在内存中为落后不多的跟随者保留的事务数。")
    public static let observerMasterPort = LocalizedText(
        "The port where followers bring observers up to date in the leader's stead; 0 for none. Observers try the followers in turn, and then the leader. Give all servers the same.",
        zh: "跟随者代替领导者为观察者同步数据的端口，0 表示没有。观察者依次尝试各个跟随者，最后才找领导者。所有服务器应写同一个值。")
    public static let concurrentSnapshots = LocalizedText(
        "While so many servers are being sent the whole state, an observer that needs it is sent away, and comes again. Voters never are.",
        zh: "正在接收整个状态的服务器达到这一数目时，需要状态的观察者会被请走，稍后自行重试；投票者不受限制。")
    public static let concurrentDifferences = LocalizedText(
        "The same for servers that are sent the transactions they missed.", zh: "同上，针对补发缺失事务的服务器。")
    public static let snapshotSizeFactor = LocalizedText(
        "A follower is brought up to date from the logs while these are not larger than this part of the newest snapshot; 0 or less "
            + "always sends the state.",
        zh: "当所需日志不超过最新快照大小的这一比例时，用日志让跟随者追上；0 或负数表示总是发送整个状态。")
    public static let sizeFactor = LocalizedText("a number such as 0.33", zh: "数字，例如 0.33")
    public static let groupLine = LocalizedText(
        "server numbers with colons between, each once, and a number after ‘group.’",
        zh: " 以冒号分隔、不重复的服务器编号，group. 后面是编号")
    public static let weightLine = LocalizedText(
        "a number from 0, with a server's number after ‘weight.’", zh: "不小于 0 的数字，weight. 后面是服务器编号")
    public static func repeatedMember(_ place: LocalizedText, _ key: String) -> LocalizedText {
        LocalizedText(
            "\(place.english): ‘\(key)’ says again what an earlier line said. Keep one of them.",
            zh: "\(place.chinese)：“\(key)”与前面的行重复，请只保留一行。")
    }
    public static func noOwnNumber(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path) must hold this server's number in the ensemble, as in its ‘server.N’ line. Write it there: echo 1 > \(path)",
            zh: "\(path) 中必须写有本服务器在集群中的编号，与其 server.N 行一致。例如：echo 1 > \(path)")
    }
    public static func notAMember(_ file: String, _ me: Int64, _ members: [String]) -> LocalizedText {
        LocalizedText(
            "\(file): ‘myid’ says that this is server \(me), but there is no ‘server.\(me)’ line; there are \(members.joined(separator: ", ")). "
                + "Correct ‘myid’, or add the line.",
            zh: "\(file)：myid 表明本机是服务器 \(me)，但没有 server.\(me) 这一行；现有 \(members.joined(separator: "、"))。请更正 myid，或补上这一行。"
        )
    }
    public static func withoutGroup(_ file: String, _ id: Int64) -> LocalizedText {
        LocalizedText(
            "\(file): server \(id) votes and belongs to no group. With ‘group.N’ lines every voter must be in one of them.",
            zh: "\(file)：服务器 \(id) 有投票权却不属于任何组。使用 group.N 时，每个投票者都必须在某一组里。")
    }
    public static let reconfigEnabled = LocalizedText(
        "Whether the members of an ensemble may be changed by ‘reconfig’ while it serves. A server by itself answers that it cannot.",
        zh: "是否允许用 reconfig 在运行中更改集群成员。单机服务器会应答“未实现”。")

    // MARK: Logins between servers

    public static let quorumLogin = LocalizedText(
        "Whether servers may log in to this one by SASL's DIGEST-MD5, with a user of the section ‘QuorumServer’ of the JAAS file (java.security.auth.login.config).",
        zh: "其他服务器能否用 SASL DIGEST-MD5 登录本服务器；用户写在 JAAS 文件（java.security.auth.login.config）的 QuorumServer 一节。")
    public static let quorumLoginWhenDialling = LocalizedText(
        "Whether this server logs in wherever it dials another one, as the user of the section ‘QuorumLearner’ (username and password). Wants quorum.auth.enableSasl.",
        zh: "本服务器连接其他服务器时是否登录，用户名和口令（username、password）写在 QuorumLearner 一节。需要 quorum.auth.enableSasl。")
    public static let quorumLoginRequired = LocalizedText(
        "Whether servers that do not log in are turned away. Wants quorum.auth.learnerRequireSasl. An ensemble at work gets the three keys one after the other, each with a restart of every server.",
        zh: "是否拒绝没有登录的服务器。需要 quorum.auth.learnerRequireSasl。运行中的集群应依次启用这三个键，每次都逐台重启所有服务器。")
    public static let quorumLearnerSection = LocalizedText(
        "The section of the JAAS file that says as whom this server logs in.", zh: "JAAS 文件中说明本服务器以谁的身份登录的小节名。")
    public static let quorumServerSection = LocalizedText(
        "The section of the JAAS file with the users who may log in, as user_NAME=\"PASSWORD\".",
        zh: "JAAS 文件中以 user_名字=\"口令\" 列出可登录用户的小节名。")
    public static func wantsOtherKey(_ file: String, _ key: String, _ other: String) -> LocalizedText {
        LocalizedText(
            "\(file): \(key)=true wants \(other)=true as well.", zh: "\(file)：\(key)=true 还需要 \(other)=true。")
    }
    public static func noQuorumUsers(_ file: String, _ logins: String?, _ section: String) -> LocalizedText {
        LocalizedText(
            "\(file): quorum.auth.enableSasl wants users who may log in, and there are none. \(place(of: section, logins).english) must hold "
                + "lines such as user_NAME=\"PASSWORD\".",
            zh:
                "\(file)：quorum.auth.enableSasl 需要可登录的用户，但一个也没有。\(place(of: section, logins).chinese)应包含 user_名字=\"口令\" 这样的行。"
        )
    }
    public static func noQuorumLogin(_ file: String, _ logins: String?, _ section: String) -> LocalizedText {
        LocalizedText(
            "\(file): quorum.auth.learnerRequireSasl wants a user to log in as, and there is none. \(place(of: section, logins).english) must "
                + "hold username=\"NAME\" and password=\"PASSWORD\".",
            zh: "\(file)：quorum.auth.learnerRequireSasl 需要本服务器登录用的用户，但没有给出。\(place(of: section, logins).chinese)"
                + "应包含 username=\"名字\" 和 password=\"口令\"。")
    }
    private static func place(of section: String, _ logins: String?) -> LocalizedText {
        guard let logins else {
            return LocalizedText(
                "The section ‘\(section)’ of a JAAS file, which java.security.auth.login.config names,",
                zh: "请用 java.security.auth.login.config 指定 JAAS 文件，其中 \(section) 一节")
        }
        return LocalizedText("The section ‘\(section)’ of \(logins)", zh: "\(logins) 的 \(section) 一节")
    }

    // MARK: Limits

    public static let maxClientCnxns = LocalizedText(
        "Connections from one address; 0 for no limit.", zh: "每个地址的连接数上限，0 表示不限。")
    public static let maxCnxns = LocalizedText("Connections altogether; 0 for no limit.", zh: "总连接数上限，0 表示不限。")
    public static let clientPortListenBacklog = LocalizedText(
        "Connections that may wait to be accepted; 511 by default (also for -1).", zh: "等待接受的连接数上限，默认 511（-1 同此）。")
    public static let globalOutstandingLimit = LocalizedText(
        "Requests under way, of all clients; beyond, whoever sends another is not read from until his are answered.",
        zh: "所有客户端未完成请求数的上限；超过后，谁再发请求就暂停读取谁，直到他的请求得到应答。")
    public static let frameLimit = LocalizedText(
        "The longest request, in bytes; a longer one ends its connection, and the log names the client.",
        zh: "单个请求的最大字节数；超过时断开连接，日志会指明客户端。")
    public static let handshakeTimeout = LocalizedText(
        "How long a connection may take to open a session, in milliseconds.", zh: "连接建立会话的时限，单位毫秒。")

    public static let keepAlive = LocalizedText(
        "Has the system ask silent clients' machines now and then whether they are still there (TCP keep-alive).",
        zh: "是否让系统定期探测长时间无声的客户端（TCP keep-alive）。")
    public static let throttleTokens = LocalizedText(
        "How many sessions may be opened or taken up at once: the tokens of a bucket that refills slowly. 0 for no limit.",
        zh: "可以同时建立或恢复的会话数，即令牌桶的容量，令牌会慢慢补充；0 表示不限。")
    public static let throttleFillTime = LocalizedText(
        "In so many milliseconds connection_throttle_fill_count tokens come back.",
        zh: "每过这么多毫秒，补充 connection_throttle_fill_count 个令牌。")
    public static let throttleFillCount = LocalizedText(
        "How many tokens come back at a time.", zh: "每次补充的令牌数。")
    public static let throttleFreezeTime = LocalizedText(
        "Also turns clients away by chance; the chance is looked at again after so many milliseconds. -1 for no chance.",
        zh: "另外按概率拒绝客户端，概率每隔这么多毫秒调整一次；-1 表示不按概率拒绝。")
    public static let throttleIncrease = LocalizedText(
        "By how much the chance grows while the bucket is empty, from 0 to 1.", zh: "令牌用尽时概率增加多少，0 到 1。")
    public static let throttleDecrease = LocalizedText(
        "By how much the chance shrinks while the bucket is full enough.", zh: "令牌足够时概率减少多少。")
    public static let throttleRatio = LocalizedText(
        "The part of the bucket that may be missing then, from 0 to 1.", zh: "此时允许缺少的令牌比例，0 到 1。")
    public static let throttleWeighted = LocalizedText(
        "Whether a new session takes more tokens than one that is taken up again. The bucket is then counted in new sessions.",
        zh: "新会话是否比恢复的会话消耗更多令牌；为真时，桶的容量按新会话计算。")
    public static let throttleGlobalWeight = LocalizedText("The tokens of a new session.", zh: "新会话消耗的令牌数。")
    public static let throttleLocalWeight = LocalizedText(
        "The tokens of a new local session (localSessionsEnabled); no other session takes fewer.",
        zh: "新的本地会话（localSessionsEnabled）消耗的令牌数；其他会话消耗的不会少于此数。")
    public static let throttleRenewWeight = LocalizedText(
        "The tokens of a session that is taken up again.", zh: "恢复的会话消耗的令牌数。")
    public static let partOfOne = LocalizedText("a number from 0 to 1, such as 0.02", zh: "0 到 1 之间的数，例如 0.02")
    public static let largeThreshold = LocalizedText(
        "A longer request, in bytes, is a large one; -1 for none.", zh: "超过这么多字节的请求算大请求，-1 表示不区分。")
    public static let largeMaximum = LocalizedText(
        "The bytes of all large requests that wait for the disk; one more ends its connection.",
        zh: "等待落盘的所有大请求的总字节数；再来一个就断开其连接。")

    // MARK: Nodes

    public static let extendedTypesEnabled = LocalizedText(
        "Allows nodes with a time to live.", zh: "允许带存活时间（TTL）的节点。")
    public static let emulate353TTLNodes = LocalizedText(
        "Also understands times to live as ZooKeeper 3.5.3 wrote them.", zh: "同时识别 ZooKeeper 3.5.3 写法的存活时间。")
    public static let containerCheckInterval = LocalizedText(
        "How often containers and nodes with a time to live are looked over, in milliseconds.",
        zh: "检查容器节点和 TTL 节点的间隔，单位毫秒。")
    public static let containerMaxPerMinute = LocalizedText(
        "How many of them are deleted in a minute.", zh: "每分钟最多删除多少个这样的节点。")
    public static let containerNeverUsed = LocalizedText(
        "How long a container that never had a child is kept, in milliseconds; 0 for ever.",
        zh: "从未有过子节点的容器保留多久，单位毫秒；0 表示永久。")
    public static let enforceQuota = LocalizedText(
        "Refuses what would exceed a hard quota; otherwise quotas are only warned of.", zh: "拒绝超出硬配额的写入；为假时只警告。")

    // MARK: Logs and snapshots

    public static let snapCount = LocalizedText(
        "A snapshot follows half as many transactions and a random number up to the other half.",
        zh: "快照间隔的事务数：一半固定，另一半以内随机。")
    public static let snapSizeLimitInKb = LocalizedText(
        "The same for the kilobytes logged since the last snapshot; 0 or -1 for no limit.",
        zh: "同上，按自上次快照以来日志的千字节数计；0 或 -1 表示不限。")
    public static let txnLogSizeLimitInKb = LocalizedText(
        "A log file of so many kilobytes is followed by another one; -1 for no limit.", zh: "日志文件达到这么多千字节后换新文件，-1 表示不限。"
    )
    public static let preAllocSize = LocalizedText(
        "How many kilobytes a log file grows at once.", zh: "日志文件每次扩展的千字节数。")
    public static let forceSync = LocalizedText(
        "Whether a write is on disk before it is acknowledged. ‘no’ risks losing acknowledged writes in a power failure.",
        zh: "写入是否先落盘再确认。设为 no 时，断电可能丢失已确认的写入。")
    public static let digestsWritten = LocalizedText(
        "Writes the tree's digest into the log and snapshots, and compares it when they are read.",
        zh: "把数据树的摘要写入日志和快照，读取时进行核对。")
    public static let closeSessionList = LocalizedText(
        "Names the nodes that end with a session in the log. False writes it as ZooKeeper 3.5 does.",
        zh: "在日志中列出随会话结束而删除的节点；为假时写成 ZooKeeper 3.5 的形式。")
    public static let fsyncWarning = LocalizedText(
        "A sync that takes so many milliseconds is warned of.", zh: "一次落盘超过这么多毫秒就警告。")
    public static let snapshotCompression = LocalizedText(
        "‘gz’ or ‘snappy’ compresses snapshots; empty does not. Both are read in any case.",
        zh: "gz 或 snappy 表示压缩快照，空表示不压缩；读取时两种都认。")
    public static let trustEmpty = LocalizedText(
        "Believes logs without any snapshot to be whole.", zh: "没有快照时也相信日志是完整的。")
    public static let serializeLastProcessedZxid = LocalizedText(
        "Writes the last transaction's number into snapshots.", zh: "把最后处理的事务号写入快照。")
    public static let databaseAutocreate = LocalizedText(
        "Starts with an empty tree in an empty folder; false demands a file ‘initialize’ in it.",
        zh: "数据目录为空时从空树开始；为假时要求目录中有 initialize 文件。")
    public static let folderAutocreate = LocalizedText("Makes missing folders.", zh: "自动创建缺少的目录。")
    public static let snapRetainCount = LocalizedText(
        "How many snapshots, with the logs since the oldest of them, purging keeps; at least 3.",
        zh: "清理时保留的快照数及其之后的日志，至少 3。")
    public static let purgeInterval = LocalizedText(
        "Hours between two purges; 0 never purges. Without this key every new snapshot purges (ZooKeeper's default is never).",
        zh: "两次清理之间的小时数，0 表示从不清理。不写此键时，每次新快照之后清理（ZooKeeper 默认从不清理）。")

    // MARK: Access

    public static let skipACL = LocalizedText("Checks no access rules at all.", zh: "完全不检查访问规则。")
    public static let digestEnabled = LocalizedText("Whether the scheme ‘digest’ is known.", zh: "是否启用 digest 方式。")
    public static let digestAlgorithm = LocalizedText("The hash of the scheme ‘digest’.", zh: "digest 方式使用的哈希算法。")
    public static let superDigest = LocalizedText(
        "super:HASH; who proves its password may do everything.", zh: "super:哈希；通过该口令验证的人可以做任何事。")
    public static let certificateSuperUser = LocalizedText(
        "The owner of the client certificate that may do everything.", zh: "可以做任何事的客户端证书的主体。")
    public static let superUser = LocalizedText(
        "A SASL user who may do everything.", zh: "可以做任何事的 SASL 用户。")
    public static let authProvider = LocalizedText(
        "Another scheme, by the class that ZooKeeper has for it: SASL, X509, Ensemble.",
        zh: "再启用一种方式，写 ZooKeeper 对应的类名：SASL、X509、Ensemble。")
    public static let jaasFile = LocalizedText(
        "A JAAS file whose section ‘Server’ holds the users of SASL's DIGEST-MD5, as user_NAME=\"PASSWORD\". Servers that log in to each other have sections of their own in it (quorum.auth.enableSasl).",
        zh: "JAAS 文件，其中 Server 一节以 user_名字=\"口令\" 列出 SASL DIGEST-MD5 的用户。服务器之间的登录在其中另有小节（见 quorum.auth.enableSasl）。")
    public static let clientLoginSection = LocalizedText(
        "The section of that JAAS file with the users who may log in as clients.", zh: "该 JAAS 文件中列出客户端登录用户的小节名。")
    public static func noClientUsers(_ logins: String, _ section: String) -> LocalizedText {
        LocalizedText(
            "sasl.serverconfig names the section ‘\(section)’ of \(logins), which holds no users; no client can log in by SASL. Add lines such "
                + "as user_NAME=\"PASSWORD\" there, or name the section that has them.",
            zh: "sasl.serverconfig 指定了 \(logins) 的 \(section) 一节，但其中没有用户，客户端无法用 SASL 登录。"
                + "请在其中加入 user_名字=\"口令\" 这样的行，或改为有用户的小节名。")
    }
    public static let requestThrottle = LocalizedText(
        "The same as globalOutstandingLimit, without exceptions; 0 for no limit.",
        zh: "与 globalOutstandingLimit 相同，但没有例外；0 表示不限。")
    public static let throttledOpWait = LocalizedText(
        "A request that waited so many milliseconds before it was read is answered with -127 (throttled); 0 for never.",
        zh: "请求等待超过这么多毫秒才被读取时，以 -127（被限流）应答；0 表示从不。")
    public static let letAnySaslUserDoX = LocalizedText(
        "The SASL user whose rules hold for every SASL user.", zh: "其规则适用于所有 SASL 用户的那个用户名。")
    public static let ensembleAuthName = LocalizedText(
        "Names of this ensemble, with commas, for the scheme ‘ensemble’.", zh: "本集群的名字，逗号分隔，供 ensemble 方式使用。")
    public static let enforceAuth = LocalizedText(
        "Refuses every request of a client that has not proved itself by one of enforce.auth.schemes.",
        zh: "客户端必须先用 enforce.auth.schemes 之一验证身份，否则拒绝其请求。")
    public static let enforceAuthSchemes = LocalizedText("Those schemes, with commas.", zh: "这些方式，逗号分隔。")
    public static let requireSASL = LocalizedText("The same with ‘sasl’ alone.", zh: "同上，只认 sasl。")
    public static let allowSaslFailedClients = LocalizedText(
        "Keeps the connection of a client whose SASL login failed.", zh: "SASL 登录失败的客户端仍保留连接。")

    // MARK: Operation

    public static let commandWhitelist = LocalizedText(
        "The four-letter words that are answered, with commas; * for all. srvr always is.",
        zh: "允许的四字命令，逗号分隔，* 表示全部；srvr 始终允许。")
    public static let readOnlyMode = LocalizedText(
        "In an ensemble: a server that finds no leader for two seconds, or for a tick if that is longer, lets clients read that ask for it. Allows the four-letter word isro.",
        zh: "用于集群：服务器在两秒内（tickTime 更长时为一个 tick）仍找不到领导者，就允许声明接受只读的客户端读取数据。同时允许四字命令 isro。")
    public static let localSessions = LocalizedText(
        "In an ensemble: new sessions stay with the server that their clients come to, cost the others nothing, and cannot own ephemeral nodes.",
        zh: "用于集群：新会话只留在客户端所连的服务器上，不占用其他服务器，也不能拥有临时节点。")
    public static let localSessionUpgrades = LocalizedText(
        "A session of that kind becomes one of the whole ensemble just before it makes its first ephemeral node, rather than being refused it.",
        zh: "这类会话在创建第一个临时节点之前升级为整个集群的会话，而不是遭到拒绝。")
    public static let leaderServes = LocalizedText(
        "In an ensemble: ‘no’ lets the leader do nothing but lead; clients must go to the others.",
        zh: "用于集群：设为 no 时，领导者只负责领导，客户端须连接其他服务器。")

    // MARK: Administration

    public static let urlPath = LocalizedText("a path that begins with /", zh: "以 / 开头的路径")
    public static let adminEnable = LocalizedText(
        "Serves admin commands over HTTP, without any password. True where ‘admin.serverPort’ is given; otherwise false "
            + "(ZooKeeper's default is true).",
        zh: "通过 HTTP 提供管理命令，不需要口令。给出 admin.serverPort 时为真，否则为假（ZooKeeper 默认为真）。")
    public static let adminPort = LocalizedText("The port for them; 0 takes a free one.", zh: "管理命令的端口，0 表示任一空闲端口。")
    public static let adminAddress = LocalizedText("The address for them.", zh: "管理命令监听的地址。")
    public static let adminCommandPath = LocalizedText("The path before a command's name.", zh: "命令名之前的路径。")
    public static let adminIdle = LocalizedText(
        "Their connections end after so many milliseconds without a word, in whole seconds.",
        zh: "管理连接空闲多少毫秒后关闭，按整秒计。")
    public static let adminUnification = LocalizedText(
        "Whether their port speaks HTTPS too, with those who begin so.", zh: "管理端口是否同时支持 HTTPS，由客户端的第一个字节决定。")
    public static let adminForceHTTPS = LocalizedText(
        "Whether their port speaks HTTPS and nothing else.", zh: "管理端口是否只支持 HTTPS。")
    public static let adminClientAuth = LocalizedText(
        "Whether HTTPS asks for a client certificate.", zh: "HTTPS 是否要求客户端证书。")
    public static let adminSnapshot = LocalizedText(
        "Allows the admin command ‘snapshot’ to those whom the access rules of / allow everything.",
        zh: "允许管理命令 snapshot，仅限对 / 有全部权限的人。")
    public static let adminRestore = LocalizedText(
        "Allows them the admin command ‘restore’, which puts the snapshot of a POST in the place of the tree.",
        zh: "允许这些人使用管理命令 restore，用 POST 送来的快照替换整棵数据树。")
    public static let adminInterval = LocalizedText(
        "At most one such snapshot, and one such restore, in so many milliseconds.",
        zh: "两次这样的快照（或两次恢复）之间至少相隔的毫秒数。")
    public static let metricsProvider = LocalizedText(
        "A class whose name ends with ‘PrometheusMetricsProvider’ serves metrics at /metrics.",
        zh: "类名以 PrometheusMetricsProvider 结尾时，在 /metrics 提供指标。")
    public static let metricsHost = LocalizedText("The address for metrics.", zh: "指标服务监听的地址。")
    public static let metricsPort = LocalizedText(
        "The port for metrics; 0 takes a free one.", zh: "指标服务的端口，0 表示任一空闲端口。")
    public static let audit = LocalizedText(
        "Writes a line for every change that a client makes or is refused, and for every ephemeral that ends with its session.",
        zh: "客户端的每次修改（无论成功与否）以及随会话消失的每个临时节点都写一行审计日志。")
    public static let auditFile = LocalizedText(
        "The file for them, opened anew on SIGHUP; standard error without it. This server's own key.",
        zh: "审计日志文件，收到 SIGHUP 时重新打开；不写则输出到标准错误。本服务器自己的键。")
    public static let logLevel = LocalizedText(
        "The least level that is logged: trace (every request), debug (connections and sessions), info, warning, error. This "
            + "server's own key; --log-level goes before it.",
        zh: "记录的最低级别：trace（每个请求）、debug（连接和会话）、info、warning、error。本服务器自己的键，--log-level 优先。")
    public static let logFormat = LocalizedText(
        "‘text’, or ‘json’ for one object a line. This server's own key; --log-format goes before it.",
        zh: "text，或 json（每行一个对象）。本服务器自己的键，--log-format 优先。")
    public static let logFile = LocalizedText(
        "The log file, opened anew on SIGHUP; standard error without it. This server's own key; --log-file goes before it.",
        zh: "日志文件，收到 SIGHUP 时重新打开；不写则输出到标准错误。本服务器自己的键，--log-file 优先。")
}
