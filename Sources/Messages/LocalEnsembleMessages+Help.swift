extension LocalEnsembleMessages {
    public static let help = LocalizedText(
        """
        usage: zoolab ensemble ACTION [arguments] [--dir FOLDER]

        Runs several servers on this machine, and the network between them, so that both can be broken on purpose.
        No privileges are needed: every server reaches every other one through a port of the ensemble's own.

        actions:
          start [N]         start N servers in the background (3), or go on with those of the folder
              --observers M     and M that follow without a vote
              --tick MS         tickTime (500)
              --port PORT       clients of server 1 connect to PORT, of server 2 to PORT+1, …, also of servers that are
                                added later (default: free ports)
              --trace           record what servers say to each other
              -Dkey=value       one more setting in every server's zoo.cfg; may be repeated
          run [N]           the same in the foreground, until Ctrl-C
          status [--json]   role, epoch, last transaction, lag behind the leader, clients, packets
          kill N            kill -9; the same as ‘crash N’
          restart N         start a server that was killed or stopped, with what its disk holds
          pause N, resume N SIGSTOP and SIGCONT
          partition 1,2|3   cut every link between groups (quote it: the shell knows | and >)
          one-way 1>2       lose what 1 says to 2
          isolate N         cut a server off from all others
          delay, drop       messages late, or lost together with their connection: delay PROPOSAL to 3 50ms
          lose-reply N      the next request of a client of N works, and its connection breaks instead of the answer
          expire-session S  end a client's session; ‘status’ lists them
          heal              mend every link, end every delay, drop and lose-reply
          add [--observer]  one server more; with a vote, all others start anew with the new list
          remove N          one server less, with its data
          logs [N] [-f]     what servers wrote; -f goes on
          trace             the record as a trace file, for ‘zoolab draw’
              -o FILE           where to (default: standard output)
              --since KIND      begin at the last crash, restart, partition, heal, pause, resume or annotate
              --last SECONDS    only the end
              --request TEXT    only the last request that begins so, as in 'create /a', and its answer
              --pings           keep pings, which are left out
          note WORDS        write a remark into the record
          stop [N]          stop one server in good order, or everything
              --clean           remove the data too

        Faults are the words of docs/faults.md, with ‘for TIME’, ‘at TIME’ and ‘after send LABEL’ behind them; it says, too,
        why some of them work in simulated runs only.
        The default folder is ./zoolab-ensemble. When the process that runs the ensemble ends, its servers end with it.

        examples:
          zoolab ensemble start 3 --trace
          zoolab ensemble status
          zoolab ensemble partition '1,2|3' for 5s
          zoolab ensemble crash 3 after send PROPOSAL for 3s
          zoolab ensemble drop PROPOSAL to 1 every 3
          zoolab ensemble trace --since crash -o crash.jsonl && zoolab draw crash.jsonl -o crash.svg
          zoolab ensemble trace --request 'create /a' -o write.jsonl && zoolab draw write.jsonl -o write.svg
          zoolab ensemble stop --clean
        """,
        zh: """
            用法：zoolab ensemble 动作 [参数] [--dir 目录]

            在本机运行多台服务器，连同它们之间的网络，以便有意制造故障。不需要特殊权限：
            每台服务器都经由集群自己的端口访问其他服务器。

            动作：
              start [N]         在后台启动 N 台服务器（默认 3），或继续使用目录中已有的集群
                  --observers M     再加 M 台没有投票权的观察者
                  --tick 毫秒       tickTime（默认 500）
                  --port 端口       服务器 1 的客户端端口，服务器 2 为其加一，依此类推，以后增加的也一样（默认选空闲端口）
                  --trace           记录服务器之间的消息
                  -D键=值           给每台服务器的 zoo.cfg 加一行设置，可重复
              run [N]           同上，但在前台运行，按 Ctrl-C 结束
              status [--json]   角色、纪元、最后的事务、落后于领导者多少、客户端连接、收发包数
              kill N            kill -9，等同于 crash N
              restart N         启动被杀死或停止的服务器，使用其磁盘上的数据
              pause N、resume N SIGSTOP 与 SIGCONT
              partition 1,2|3   切断各组之间的所有链路（shell 会解释 | 和 >，请加引号）
              one-way 1>2       1 发给 2 的全部丢失，反方向正常
              isolate N         把一台服务器与其余各台隔开
              delay、drop       让消息迟到，或连同其连接一起丢失：delay PROPOSAL to 3 50ms
              lose-reply N      服务器 N 的客户端的下一个请求会生效，但答复没有送到连接就断了
              expire-session S  结束一个客户端会话；用 status 查看会话
              heal              恢复所有链路，结束所有 delay、drop 和 lose-reply
              add [--observer]  增加一台服务器；若有投票权，其余各台带着新名单重启
              remove N          减少一台服务器，连同其数据
              logs [N] [-f]     服务器写的日志；-f 持续输出
              trace             把记录写成轨迹文件，供 zoolab draw 使用
                  -o 文件           写到哪里（默认标准输出）
                  --since 种类      从最后一次 crash、restart、partition、heal、pause、resume 或 annotate 开始
                  --last 秒数       只要最后一段
                  --request 文字    只要最后一个以此开头的请求及其答复，例如 'create /a'
                  --pings           保留心跳（默认略去）
              note 文字         在记录中写一条备注
              stop [N]          正常停止一台服务器，或全部
                  --clean           同时删除数据

            故障用 docs/faults.md 中的词，后面可加 for 时长、at 时刻、after send 消息名；
            有些词只能用于模拟运行，该文档也说明了原因。
            默认目录是 ./zoolab-ensemble。运行集群的进程一旦结束，它的服务器也随之结束。

            示例：
              zoolab ensemble start 3 --trace
              zoolab ensemble status
              zoolab ensemble partition '1,2|3' for 5s
              zoolab ensemble crash 3 after send PROPOSAL for 3s
              zoolab ensemble drop PROPOSAL to 1 every 3
              zoolab ensemble trace --since crash -o crash.jsonl && zoolab draw crash.jsonl -o crash.svg
              zoolab ensemble trace --request 'create /a' -o write.jsonl && zoolab draw write.jsonl -o write.svg
              zoolab ensemble stop --clean
            """)
}
