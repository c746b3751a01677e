/// Sentences of `zoolab shell` itself. What its commands print is ZooKeeper's wording, in every language.
public enum ShellMessages {
    /// What a number of bytes has to look like.
    public static let bytes = LocalizedText("bytes, from 1024 to 1073741824", zh: "1024 到 1073741824 之间的字节数")
    public static let summary = LocalizedText(
        "talk to a coordination server: the commands of ZooKeeper's own shell",
        zh: "与协调服务器对话，命令与 ZooKeeper 自带的 shell 相同")

    public static let help = LocalizedText(
        """
        zoolab shell: talk to a coordination server

        Usage: zoolab shell [options] [command [argument…]]

          -server HOST:PORT[,HOST:PORT…][/PATH]   where to connect (localhost:2181); PATH becomes the root
          -timeout MS                             the session timeout to ask for (30000)
          -r                                      a read-only server will do
          -waitforconnection                      begin only when connected; fail after the timeout
          -client-configuration FILE              a Java client's settings: zookeeper.client.secure and zookeeper.ssl.* with PEM or
                                                  PKCS#12 files, and a login by java.security.auth.login.config

        With TLS, on a server's secureClientPort (any of these means TLS; they count more than the file):
          -tls                                    believe the authorities of this system
          -ca FILE                                believe the authorities in this PEM or PKCS#12 file instead
          -cert FILE                              show this certificate; its private key may stand in the same file
          -key FILE                               the private key, in a PEM file of its own
          -key-password-file FILE                 a file whose first line opens the private key
          -verify-host on|off                     whether the certificate must name the server's host (on)

        With a command it does that one and ends: 0 when it worked, 1 when not, 127 when there is no such command. Without
        one it reads lines from the keyboard or from standard input; the tab key completes commands and paths, Control-R
        searches the history, which is kept in the file shell-history of the state folder (XDG_STATE_HOME/zoolab).

        While no server answers, a command fails at once, and the shell says why and tries on.

        Commands, spellings and answers are those of ZooKeeper's zkCli.sh, so that scripts find what they expect; they are
        not translated. Any unknown word lists the commands.

        Examples:
          zoolab shell
          zoolab shell -server 127.0.0.1:2181 ls -R /
          zoolab shell -server 127.0.0.1:2181/app create -e /worker-1 data
          zoolab shell -server db.example:2281 -ca ca.pem -cert me.pem -key me.key ls /
          printf 'create /a 1\\nget -s /a\\n' | zoolab shell
        """,
        zh: """
            zoolab shell：与协调服务器对话

            用法：zoolab shell [选项] [命令 [参数…]]

              -server 主机:端口[,主机:端口…][/路径]   要连接的服务器（默认 localhost:2181）；给出路径时以它为根
              -timeout 毫秒                          希望的会话超时（默认 30000）
              -r                                     允许连接只读的服务器
              -waitforconnection                     连上之后才开始；超时仍未连上则失败
              -client-configuration 文件             Java 客户端的设置文件：zookeeper.client.secure 和 zookeeper.ssl.*
                                                     （文件为 PEM 或 PKCS#12），以及 java.security.auth.login.config 登录

            使用 TLS 连接服务器的 secureClientPort（出现以下任一选项即用 TLS，并且优先于设置文件）：
              -tls                                   信任系统自带的签发机构
              -ca 文件                               改为信任此 PEM 或 PKCS#12 文件中的签发机构
              -cert 文件                             出示此证书；私钥可以在同一文件中
              -key 文件                              单独存放私钥的 PEM 文件
              -key-password-file 文件                第一行为私钥口令的文件
              -verify-host on|off                    证书里是否必须有服务器的主机名（默认 on）

            带命令时只执行这一条就结束：成功返回 0，失败返回 1，没有这个命令返回 127。不带命令时从键盘或标准输入逐行读取；
            Tab 键补全命令和路径，Control-R 搜索历史。历史保存在状态目录（XDG_STATE_HOME/zoolab）的 shell-history 文件中。

            连不上服务器时，命令会立即失败；shell 会说明原因，并继续重试。

            命令、写法和输出都与 ZooKeeper 的 zkCli.sh 一致，现有脚本可以直接使用，因此不翻译。输入任何未知的词即可列出全部命令。

            示例：
              zoolab shell
              zoolab shell -server 127.0.0.1:2181 ls -R /
              zoolab shell -server 127.0.0.1:2181/app create -e /worker-1 data
              zoolab shell -server db.example:2281 -ca ca.pem -cert me.pem -key me.key ls /
              printf 'create /a 1\\nget -s /a\\n' | zoolab shell
            """)

    public static func missingValue(_ option: String) -> LocalizedText {
        LocalizedText(
            "\(option) needs a value; see ‘zoolab shell --help’.", zh: "\(option) 后面缺少值，参见 zoolab shell --help。")
    }
    public static func unknownOption(_ option: String) -> LocalizedText {
        LocalizedText(
            "The shell has no option \(option); see ‘zoolab shell --help’. Options of a command stand behind it.",
            zh: "shell 没有选项 \(option)，参见 zoolab shell --help。命令自己的选项要写在命令后面。")
    }
    public static func notMilliseconds(_ option: String, _ text: String) -> LocalizedText {
        LocalizedText(
            "\(option) wants a number of milliseconds, not ‘\(text)’.", zh: "\(option) 要的是毫秒数，而不是“\(text)”。")
    }
    public static func neitherOnNorOff(_ option: String, _ text: String) -> LocalizedText {
        LocalizedText("\(option) is on or off, not ‘\(text)’.", zh: "\(option) 只能是 on 或 off，而不是“\(text)”。")
    }
    public static func missingCompanion(_ option: String, _ other: String) -> LocalizedText {
        LocalizedText(
            "\(option) means nothing without \(other); give both.", zh: "\(option) 必须和 \(other) 一起使用。")
    }
    public static func noConfiguration(_ file: String) -> LocalizedText {
        LocalizedText(
            "The file \(file) of -client-configuration cannot be read. Check its path and permissions.",
            zh: "无法读取 -client-configuration 指定的文件 \(file)。请检查路径和权限。")
    }
    public static func settingWithoutEffect(_ place: LocalizedText, _ key: String) -> LocalizedText {
        LocalizedText(
            "\(place.english): \(key) has no effect here; going on without it.",
            zh: "\(place.chinese)：\(key) 在这里不起作用，已忽略。")
    }
    public static func unreadable(_ place: LocalizedText, _ file: String) -> LocalizedText {
        LocalizedText(
            "\(place.english): the file \(file) cannot be read. Check its path and permissions.",
            zh: "\(place.chinese)：无法读取文件 \(file)。请检查路径和权限。")
    }
    public static func noLogin(_ file: String, section: String) -> LocalizedText {
        LocalizedText(
            "\(file) says nobody logs in: it needs a section \(section) { … required username=\"…\" password=\"…\"; };",
            zh: "\(file) 里没有可用的登录信息：需要 \(section) { … required username=\"…\" password=\"…\"; }; 这样一段。")
    }
    public static func historyNotKept(_ folder: String) -> LocalizedText {
        LocalizedText(
            "The folder \(folder) cannot be made, so the history of this conversation will not be kept.",
            zh: "无法创建目录 \(folder)，本次对话的历史不会保存。")
    }
}
