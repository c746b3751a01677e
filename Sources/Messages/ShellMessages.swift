/// Sentences of `zoolab shell` itself. What its commands print is ZooKeeper's wording, in every language.
public enum ShellMessages {
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
          -client-configuration FILE              accepted for scripts' sake; a Java client's settings mean nothing here

        With a command it does that one and ends: 0 when it worked, 1 when not, 127 when there is no such command. Without
        one it reads lines from the keyboard or from standard input; the tab key completes commands and paths, Control-R
        searches the history, which is kept in the file shell-history of the state folder (XDG_STATE_HOME/zoolab).

        Commands, spellings and answers are those of ZooKeeper's zkCli.sh, so that scripts find what they expect; they are
        not translated. Any unknown word lists the commands.

        Examples:
          zoolab shell
          zoolab shell -server 127.0.0.1:2181 ls -R /
          zoolab shell -server 127.0.0.1:2181/app create -e /worker-1 data
          printf 'create /a 1\\nget -s /a\\n' | zoolab shell
        """,
        zh: """
            zoolab shell：与协调服务器对话

            用法：zoolab shell [选项] [命令 [参数…]]

              -server 主机:端口[,主机:端口…][/路径]   要连接的服务器（默认 localhost:2181）；给出路径时以它为根
              -timeout 毫秒                          希望的会话超时（默认 30000）
              -r                                     允许连接只读的服务器
              -waitforconnection                     连上之后才开始；超时仍未连上则失败
              -client-configuration 文件             仅为兼容脚本而接受；其中 Java 客户端的设置在这里不起作用

            带命令时只执行这一条就结束：成功返回 0，失败返回 1，没有这个命令返回 127。不带命令时从键盘或标准输入逐行读取；
            Tab 键补全命令和路径，Control-R 搜索历史。历史保存在状态目录（XDG_STATE_HOME/zoolab）的 shell-history 文件中。

            命令、写法和输出都与 ZooKeeper 的 zkCli.sh 一致，现有脚本可以直接使用，因此不翻译。输入任何未知的词即可列出全部命令。

            示例：
              zoolab shell
              zoolab shell -server 127.0.0.1:2181 ls -R /
              zoolab shell -server 127.0.0.1:2181/app create -e /worker-1 data
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
    public static func configurationUnused(_ file: String) -> LocalizedText {
        LocalizedText(
            "\(file) holds settings of ZooKeeper's Java client, which have no meaning here; going on without them.",
            zh: "\(file) 里是 ZooKeeper Java 客户端的设置，在这里不起作用，已忽略。")
    }
    public static func historyNotKept(_ folder: String) -> LocalizedText {
        LocalizedText(
            "The folder \(folder) cannot be made, so the history of this conversation will not be kept.",
            zh: "无法创建目录 \(folder)，本次对话的历史不会保存。")
    }
}
