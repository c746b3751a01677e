/// The titles and stories of the scenes of Raft.
public enum RaftSceneTexts {
    public typealias Text = (title: LocalizedText, story: LocalizedText)

    // MARK: Election

    public static let election: Text = (
        LocalizedText("From nothing to the first write", zh: "从零开始，直到第一次写入"),
        LocalizedText(
            "S1 loses patience first, writes its new term and its own vote to disk, and asks for votes. The others write their "
                + "votes to disk before they answer. With a majority S1 leads, and begins its term with an empty entry. In a "
                + "state box the numbers are the terms of the log's entries; those before the bar are committed.",
            zh: "S1 最先失去耐心，把新任期和投给自己的票写进磁盘，再请求投票。其他服务器先把票写进磁盘再回答。S1 得到多数票后成为领导者，"
                + "用一条空条目开始任期。状态框里的数字是日志各条目的任期，竖线之前的已经提交。")
    )
    public static let splitVote: Text = (
        LocalizedText("A split vote, and why timeouts are random", zh: "选票瓜分，以及超时为何要随机"),
        LocalizedText(
            "All three lose patience at the same moment and vote for themselves: nobody can win term 1. Each draws a new timeout; "
                + "the shortest one is alone in term 2 long enough to win.",
            zh: "三台服务器同时失去耐心，各投自己，任期 1 无人当选。大家重新抽取超时；最短的那台在任期 2 里独自领先足够久，于是当选。")
    )
    public static let equalTimeouts: Text = (
        LocalizedText("The same timeout for everybody", zh: "大家的超时都一样"),
        LocalizedText(
            "Without randomness the tie repeats in every term. Nothing wrong is ever decided, but nothing is decided at all.",
            zh: "没有随机性，平局在每个任期重演。从未做出错误的决定，但也什么都决定不了。")
    )
    public static let laterTermWins: Text = (
        LocalizedText("The later term wins, not the longer log", zh: "任期更新者胜，而不是日志更长者胜"),
        LocalizedText(
            "S1 alone has three writes of term 1. S2 and S3 have committed y in term 2. When S2 fails and S1 comes back, its log is "
                + "longer, but its last term is older: S3 refuses it. What is committed can only be kept by who has it.",
            zh: "S1 独自记下任期 1 的三条写入，S2 和 S3 在任期 2 提交了 y。S2 宕机、S1 回来时，S1 的日志更长，但最后一条的任期更旧，"
                + "S3 拒绝投票给它。已提交的内容只能由拥有它的服务器保住。")
    )
    public static let longerLogWins: Text = (
        LocalizedText("Broken: the longer log wins", zh: "错误：日志更长者胜"),
        LocalizedText(
            "The same, but S3 compares lengths first and votes for S1. S1 leads without y, which was committed, and would overwrite it.",
            zh: "与上一幕相同，但 S3 先比长度，把票投给了 S1。S1 当选，却没有已提交的 y，并且会把它覆盖掉。")
    )
    public static let voteRemembered: Text = (
        LocalizedText("A vote outlives a crash", zh: "选票要经得起宕机"),
        LocalizedText(
            "S2 votes for S1 in term 1 and crashes at once. S3 has heard nothing and stands in term 1, too. Restarted, S2 reads from its "
                + "disk that it has voted, and refuses S3.",
            zh: "S2 在任期 1 投票给 S1 后立即宕机。S3 什么也没听到，也在任期 1 参选。S2 重启后从磁盘读到自己已经投过票，于是拒绝 S3。")
    )
    public static let voteForgotten: Text = (
        LocalizedText("Broken: a vote forgotten", zh: "错误：忘了投过票"),
        LocalizedText(
            "S2 does not keep votedFor on its disk. Restarted, it votes a second time in the same term, and the term has two leaders.",
            zh: "S2 没有把 votedFor 存盘。重启后它在同一任期又投了一次票，于是一个任期有了两个领导者。")
    )
    public static let voteBeforeDisk: Text = (
        LocalizedText("Broken: the vote overtakes the disk", zh: "错误：票比磁盘先走一步"),
        LocalizedText(
            "S2 answers while its vote is still on the way to the disk, and crashes in between. To itself it has never voted.",
            zh: "S2 的票还没落盘就先回答了，并在其间宕机。在它自己看来，从未投过票。")
    )

    // MARK: Replication

    public static let replication: Text = (
        LocalizedText("One write", zh: "一次写入"),
        LocalizedText(
            "The leader logs the request and sends it at once, beside its own disk. Each follower answers when it is on its disk. "
                + "With a majority the leader commits, applies and replies; the followers learn of it with the next heartbeat.",
            zh: "领导者记下请求，在写自己磁盘的同时就发送出去。跟随者落盘之后才回答。凑够多数派，领导者便提交、执行并答复；跟随者随下一次心跳得知。")
    )
    public static let leaderCrash: Text = (
        LocalizedText("The leader dies", zh: "领导者宕机"),
        LocalizedText(
            "The heartbeats stop, S2 loses patience first and wins term 2 with everything that was committed. Its empty entry commits "
                + "what came before. The old leader comes back as a follower.",
            zh: "心跳停止，S2 最先失去耐心，带着所有已提交的内容赢得任期 2；它的空条目把之前的内容一并提交。旧领导者回来后成为跟随者。")
    )
    public static let partition: Text = (
        LocalizedText("Two leaders, one majority", zh: "两个领导者，一个多数派"),
        LocalizedText(
            "S1 and S2 are cut off. S1 still believes that it leads and logs two writes, but commits neither. The other three elect S3 "
                + "and commit y. When the network is mended, S1 sees a later term, steps down, and S1 and S2 give up what they "
                + "had logged.",
            zh: "S1 和 S2 被隔开。S1 仍以为自己是领导者，记下两条写入，却一条也提交不了。另外三台选出 S3，提交了 y。网络恢复后，S1 见到更新的任期便退位，"
                + "S1 和 S2 放弃各自记下的内容。")
    )
    public static let figure8: Text = (
        LocalizedText("Figure 8: an old entry on a majority", zh: "图 8：多数派上的旧条目"),
        LocalizedText(
            "S1 logs x in term 1 and fails; S3 logs y in term 2 and fails; S1 comes back, leads term 3 and brings x to S2. Now x is on "
                + "a majority, but it is an entry of an older term, and S1 does not commit it. It is right: S3 comes back with the later "
                + "last term, wins term 4, and overwrites x. Nobody had been told that x was committed.",
            zh: "S1 在任期 1 记下 x 后宕机；S3 在任期 2 记下 y 后宕机；S1 回来领导任期 3，把 x 传给 S2。此时 x 已在多数派上，但它属于旧任期，"
                + "S1 并不提交它。这是对的：S3 带着更新的末尾任期回来，赢得任期 4，覆盖了 x。没有人得到过 x 已提交的答复。")
    )
    public static let figure8Counted: Text = (
        LocalizedText("Broken: replicas of an old entry are counted", zh: "错误：用副本数提交旧条目"),
        LocalizedText(
            "The same, but S1 counts: x is on two of three, so it commits x and tells its client. Then S3 wins term 4 without x: what "
                + "was committed is overwritten.",
            zh: "与上一幕相同，但 S1 数副本：三台里有两台有 x，于是提交并答复客户端。随后 S3 赢得任期 4，却没有 x：已提交的内容被覆盖。")
    )
    public static let backOff: Text = (
        LocalizedText("Looking for where two logs meet", zh: "寻找两份日志的交汇处"),
        LocalizedText(
            "S1 has logged three writes of term 1 that nobody else has; S2 has led term 2 meanwhile, and S3 leads term 3. S1 has no "
                + "entry 5, and then the wrong entry 4. It names the term that is in the way and where it begins, and S3 goes back over "
                + "that whole term at once.",
            zh: "S1 记下三条别人没有的任期 1 写入；其间 S2 领导了任期 2，现在 S3 领导任期 3。S1 先是没有条目 5，然后条目 4 又对不上。"
                + "它告诉 S3 是哪个任期挡了路、从哪里开始，于是 S3 一步退过整个任期。")
    )
    public static let entriesUnchecked: Text = (
        LocalizedText("Broken: entries are taken unchecked", zh: "错误：不检查就接收条目"),
        LocalizedText(
            "The same, but S1 takes what comes without looking at the entry before it. Now its log agrees with S3's at the end, and not in "
                + "the middle.",
            zh: "与上一幕相同，但 S1 不看前一条就接收。于是它的日志末尾与 S3 一致，中间却不一致。")
    )
    public static let commitTooFar: Text = (
        LocalizedText("Broken: commits what it does not know to agree", zh: "错误：提交尚未核对的条目"),
        LocalizedText(
            "Back from the partition, S1 hears that the leader has committed three entries, and commits three: its own, which nobody "
                + "else has.",
            zh: "分区恢复后，S1 听说领导者已提交三条，便也提交三条：却是自己独有的三条。")
    )
    public static let oldLeaderObeyed: Text = (
        LocalizedText("Broken: an old leader is obeyed", zh: "错误：仍听从旧领导者"),
        LocalizedText(
            "S1's APPEND is on its way while S2 is elected. S2 does not look at its term, takes the entry, and cuts its own for it: a "
                + "leader has deleted an entry of its log.",
            zh: "S1 的 APPEND 还在路上，S2 已经当选。S2 不看任期就接收了它，并为此截掉自己的条目：领导者删除了自己日志里的内容。")
    )
    public static let lateAppend: Text = (
        LocalizedText("An old APPEND comes late", zh: "迟到的旧 APPEND"),
        LocalizedText(
            "The APPEND with x=1 takes a long way; the one that brings both writes overtakes it. When it arrives at last, everything in it is "
                + "there already. S2 leaves its log alone: only what conflicts is cut off.",
            zh: "带着 x=1 的 APPEND 绕了远路，被带着两条写入的那条超过。它终于到达时，其中的内容早已都在。S2 不动自己的日志：只有冲突的部分才截断。")
    )
    public static let lateAppendCuts: Text = (
        LocalizedText("Broken: an old APPEND cuts the log", zh: "错误：旧 APPEND 截断日志"),
        LocalizedText(
            "S2 cuts off everything behind what a message brings. The late APPEND removes x=2, which S2 has acknowledged and S1 has "
                + "committed. S1 fails, and S2 leads without it.",
            zh: "S2 把消息所带内容之后的一切都截掉。迟到的 APPEND 删去了 S2 已确认、S1 已提交的 x=2。S1 宕机后，S2 当选，却没有它。")
    )

    // MARK: Clients

    public static let retry: Text = (
        LocalizedText("The answer is lost with the leader", zh: "答复随领导者一起丢失"),
        LocalizedText(
            "S1 commits x+1 and crashes; its reply never arrives. The client cannot know, and repeats request 1 to the next leader. It "
                + "is logged twice and carried out once, since the session remembers number 1 and its answer.",
            zh: "S1 提交了 x+1 后宕机，答复没有到达。客户端无从知道，向下一任领导者重发请求 1。它在日志里出现两次，却只执行一次，因为会话记得编号 1 及其答案。")
    )
    public static let retryRepeated: Text = (
        LocalizedText("Broken: a retry is carried out again", zh: "错误：重发的请求又执行一次"),
        LocalizedText(
            "The same without sessions: x is incremented twice for one request.",
            zh: "与上一幕相同，但没有会话：一个请求让 x 加了两次。")
    )

    // MARK: Disruption

    public static let rejoin: Text = (
        LocalizedText("The one that was away deposes a good leader", zh: "离群者回来，赶走了好领导者"),
        LocalizedText(
            "S3 is cut off and raises its term again and again, alone. When it is back, its later term makes "
                + "S1 step down, although S1 had done nothing wrong and S3 cannot even win.",
            zh: "S3 被隔离，独自一次次抬高任期。它回来后，更新的任期迫使 S1 退位，尽管 S1 没有任何过错，而 S"
                + "3 自己也赢不了。")
    )
    public static let rejoinPreVote: Text = (
        LocalizedText("Ask first: pre-vote", zh: "先问一声：预投票"),
        LocalizedText(
            "Before it raises its term, S3 asks whether anybody would vote for it. Cut off, nobody answers, "
                + "so its term stays 1, and its return disturbs nobody.",
            zh: "S3 在抬高任期之前先问别人是否愿意投票给它。被隔离时无人回答，任期一直是 1，回来时也就不打扰任何人。")
    )
    public static let removedDisrupts: Text = (
        LocalizedText("Pre-vote does not stop a removed server", zh: "预投票拦不住被移除的服务器"),
        LocalizedText(
            "S1 removes S4 and stops talking to it, but the change has reached nobody else yet. S4 loses "
                + "patience; its log is as good as any, so the others grant its pre-vote, and a good leader is "
                + "deposed.",
            zh: "S1 移除 S4，不再与它通信，但这次变更还没传到其他服务器。S4 失去耐心；它的日志不比别人差，于是大"
                + "家同意了它的预投票，好端端的领导者被赶下台。")
    )
    public static let removedIgnored: Text = (
        LocalizedText("Whoever has a leader wants no other one", zh: "已有领导者的人不理会候选人"),
        LocalizedText(
            "The same, but a server that has heard of its leader within the least election timeout ignores "
                + "candidates. S4 asks in vain, the change is committed, and S4 stays outside.",
            zh: "与上一幕相同，但在最短选举超时之内听到过领导者的服务器不理会候选人。S4 白问一场，变更得以提交，S4 "
                + "留在集群之外。")
    )
    public static let preVoteLowerTerm: Text = (
        LocalizedText("A pre-vote from a lower term", zh: "来自较低任期的预投票"),
        LocalizedText(
            "S1 has the longer log and term 1; S2 has term 2 and lacks a. S2 cannot win, and S1 asks for a "
                + "term that S2 has seen already. S2 refuses, and its refusal carries its term: S1 takes that over, "
                + "asks for the next one, and wins.",
            zh: "S1 日志更长，任期为 1；S2 任期为 2，却没有 a。S2 赢不了，而 S1 请求的任期 S2 早已"
                + "见过。S2 拒绝时带上自己的任期：S1 接受它，再请求下一个任期，于是当选。")
    )
    public static let preVoteStuck: Text = (
        LocalizedText("Broken: a lower term is not answered", zh: "错误：不回答较低的任期"),
        LocalizedText(
            "The same, but S2 does not answer a pre-vote of a lower term. S1 never learns the term it would "
                + "need, S2 never has the log it would need: nobody leads for ever.",
            zh: "与上一幕相同，但 S2 对较低任期的预投票不予回答。S1 永远不知道该用哪个任期，S2 永远没有所需的日"
                + "志：从此无人领导。")
    )
    public static let deafLeader: Text = (
        LocalizedText("A leader that speaks and does not hear", zh: "能说不能听的领导者"),
        LocalizedText(
            "Nothing reaches S1 any more, but its heartbeats reach everybody. So nobody stands for election, "
                + "and nothing is committed: the client waits for ever.",
            zh: "什么都传不到 S1，它的心跳却传得到所有人。于是没人参选，也什么都提交不了：客户端一直等下去。")
    )
    public static let checkQuorum: Text = (
        LocalizedText("A leader looks whether it is heard", zh: "领导者要检查自己是否拥有多数派"),
        LocalizedText(
            "The same, but S1 steps down when it has heard of no majority for an election timeout. S2 is "
                + "elected, and the client's retry finds that its request is done already.",
            zh: "与上一幕相同，但 S1 在一个选举超时内听不到多数派就退位。S2 当选；客户端重发请求时，请求其实已经完"
                + "成。")
    )
    public static let transfer: Text = (
        LocalizedText("Leadership is handed over", zh: "移交领导权"),
        LocalizedText(
            "S1 brings S3's log up to date and tells it not to wait. S3 stands at once, and marks its request "
                + "as sent by the leader, so that servers that have just heard of S1 vote for it all the same.",
            zh: "S1 让 S3 的日志跟上，然后告诉它不必等待。S3 立即参选，并注明是领导者指派的；刚刚还听到 S1 "
                + "的服务器也照样投票给它。")
    )
    public static let transferIgnored: Text = (
        LocalizedText("Broken: the successor is ignored", zh: "错误：接任者无人理会"),
        LocalizedText(
            "S3 asks like anybody else. The others have heard of S1 a moment ago and ignore it; its later "
                + "term then costs S1 its office, and S1 has to be elected again.",
            zh: "S3 像普通候选人一样请求投票。其他服务器刚听到过 S1，不予理会；S3 更高的任期又让 S1 丢了职位"
                + "，只得重新选举。")
    )

    // MARK: Members

    public static let addServer: Text = (
        LocalizedText("A fourth server joins", zh: "第四台服务器加入"),
        LocalizedText(
            "S4 first receives the log without a vote, in rounds. When a round has taken less than an "
                + "election timeout, S1 logs the new members. They are in force from that moment on: three of four "
                + "are needed now.",
            zh: "S4 先以没有投票权的身份一轮轮接收日志。某一轮用时短于一个选举超时后，S1 才记下新的成员配置。它自写"
                + "入日志起生效：从此需要四台中的三台。")
    )
    public static let learner: Text = (
        LocalizedText("A learner does not count", zh: "学习者不计票"),
        LocalizedText(
            "S4 receives everything and votes for nothing. When S2 and S3 fail, S1 and S4 both have x=1 on "
                + "disk, and still it is not committed: two of three voters are needed.",
            zh: "S4 接收一切，但不投票。S2 和 S3 宕机后，S1 和 S4 的磁盘上都有 x=1，它却没有提交：需"
                + "要三个投票者中的两个。")
    )
    public static let removeLeader: Text = (
        LocalizedText("A leader removes itself", zh: "领导者移除自己"),
        LocalizedText(
            "S1 logs the members without itself and does not count itself any more. When both others have it "
                + "on disk it is committed; S1 steps down, and S2 is elected by the two that are left.",
            zh: "S1 记下不含自己的成员配置，并且不再把自己计入。另外两台都落盘之后配置提交，S1 退位，剩下的两台选出"
                + " S2。")
    )
    public static let severalAtOnce: Text = (
        LocalizedText("Broken: two servers are added at once", zh: "错误：一次加入两台"),
        LocalizedText(
            "From three members to five in one step. S1 and S2 have not heard of it: two of three elect S1 in "
                + "term 2. S3, S4 and S5 have: three of five elect S4 in term 2. These majorities share nobody.",
            zh: "一步从三个成员变成五个。S1 和 S2 还不知道：三台里的两台选出 S1，任期 2。S3、S4、S5 已"
                + "经知道：五台里的三台选出 S4，也是任期 2。两个多数派没有共同成员。")
    )
    public static let siblings: Text = (
        LocalizedText("Two changes that began from the same members", zh: "从同一配置出发的两次变更"),
        LocalizedText(
            "S1 logs the members with S5, which only S5 hears. S2 leads term 2 and is asked to remove S1. It "
                + "refuses, because it has not committed anything of its own term yet: so the two configurations "
                + "never exist side by side.",
            zh: "S1 记下加入 S5 的配置，只有 S5 收到。S2 领导任期 2，被要求移除 S1。它拒绝了，因为本任"
                + "期还没有提交任何条目：这样两个配置就不会并存。")
    )
    public static let siblingsBroken: Text = (
        LocalizedText("Broken: single changes as first published", zh: "错误：最初发表的单台变更"),
        LocalizedText(
            "S2 removes S1 at once, and S2 and S3, two of three, commit it. S1 comes back with the members "
                + "that include S5: S1, S4 and S5 are three of five. One server at a time, and still two majorities "
                + "that do not meet. It took a year until somebody saw it, in 2015.",
            zh: "S2 立即移除 S1，S2 与 S3（三台中的两台）提交了它。S1 带着含有 S5 的配置回来：S1、S"
                + "4、S5 是五台中的三台。虽然一次只变一台，两个多数派仍然没有交集。这个错误在 2015 年才被发现。")
    )
    public static let abandoned: Text = (
        LocalizedText("An abandoned configuration", zh: "被放弃的配置"),
        LocalizedText(
            "Cut off with S4, S1 logs members that include it, and counts on four from then on. S2 leads "
                + "meanwhile. When S1's log is cut, the members before it are in force again.",
            zh: "S1 与 S4 一起被隔离，记下包含 S4 的配置，从此按四台计票。其间 S2 当选。S1 的日志被截断"
                + "后，之前的配置重新生效。")
    )
    public static let abandonedKept: Text = (
        LocalizedText("Broken: the abandoned members stay in force", zh: "错误：被放弃的配置仍然生效"),
        LocalizedText(
            "S1's entry is gone, but it goes on counting on four servers.",
            zh: "S1 的那条配置已不在日志里，它却继续按四台计票。")
    )

    // MARK: Reads

    public static let readIndex: Text = (
        LocalizedText("A read that is not logged", zh: "不写日志的读"),
        LocalizedText(
            "S1 notes its commit index, and a round of heartbeats, left out in the picture, shows that it "
                + "still leads. Only then does it answer from its own state: no disk, and no entry.",
            zh: "S1 记下自己的提交索引，再用一轮心跳（图中略去）确认自己仍是领导者，然后才用自己的状态回答：不写磁盘，"
                + "也不产生条目。")
    )
    public static let oldLeaderRead: Text = (
        LocalizedText("An old leader must not answer", zh: "旧领导者不能回答"),
        LocalizedText(
            "S1 is cut off with C1 and does not know that S2 leads and has x=2. Its heartbeats are not "
                + "answered, so it does not answer C1 either. C1 asks again, and reads 2 when the network is "
                + "mended.",
            zh: "S1 与 C1 一起被隔离，不知道 S2 已经当选并有了 x=2。它的心跳无人回应，所以也不回答 C1。"
                + "C1 继续询问，网络恢复后读到 2。")
    )
    public static let readWithoutRound: Text = (
        LocalizedText("Broken: a leader believes itself", zh: "错误：领导者自以为是"),
        LocalizedText(
            "The same, but S1 answers at once: it takes itself for the leader. C1 reads 1, long after 2 was "
                + "committed.",
            zh: "与上一幕相同，但 S1 立即回答，因为它以为自己是领导者。C1 读到 1，而 2 早已提交。")
    )
    public static let newLeaderRead: Text = (
        LocalizedText("A new leader does not know what is committed", zh: "新领导者不知道什么已提交"),
        LocalizedText(
            "S1 has told its client that x=1 is committed, and fails before anybody else knows. S2 has x=1 in "
                + "its log and leads, but it answers a read only when an entry of its own term is committed.",
            zh: "S1 已告诉客户端 x=1 提交了，却在别人得知之前宕机。S2 的日志里有 x=1，也已当选，但要等本任"
                + "期的条目提交之后才回答读请求。")
    )
    public static let readBeforeCommit: Text = (
        LocalizedText("Broken: a new leader answers too early", zh: "错误：新领导者回答得太早"),
        LocalizedText(
            "The same, but S2 answers after a round of heartbeats alone. It does lead, but its state is still "
                + "that of before x=1.",
            zh: "与上一幕相同，但 S2 只做了一轮心跳就回答。它确实是领导者，可它的状态还停在 x=1 之前。")
    )
    public static let lease: Text = (
        LocalizedText("A lease ends by itself", zh: "租约会自己到期"),
        LocalizedText(
            "While a majority has promised not to elect anybody else, S1 may answer reads alone. Cut off, its "
                + "lease ends after 120 ms, before anybody loses patience; then it has to ask, and cannot.",
            zh: "在多数派承诺不另选他人期间，S1 可以独自回答读请求。被隔离后，它的租约 120 毫秒就到期，早于任何人"
                + "失去耐心；此后它必须询问，却无人可问。")
    )
    public static let leaseSlowClock: Text = (
        LocalizedText("A lease and a clock that goes wrong", zh: "租约与出错的时钟"),
        LocalizedText(
            "The same, but S1's clock is set back by two seconds, and its lease lasts on while S2 is elected "
                + "and writes. A lease is as good as the bound on the clocks.",
            zh: "与上一幕相同，但 S1 的时钟被拨慢两秒，租约迟迟不到期，其间 S2 当选并写入。租约的可靠性取决于时钟"
                + "误差的上界。")
    )
    public static let leaseInTransfer: Text = (
        LocalizedText("Broken: a lease outlives a transfer", zh: "错误：移交之后租约仍在"),
        LocalizedText(
            "S1 hands over to S2, which needs no timeout to be elected. So the lease protects nobody any "
                + "more, but S1 goes on answering from it.",
            zh: "S1 移交给 S2，后者不用等超时就当选。租约已不再有保护作用，S1 却还凭它回答。")
    )

    // MARK: Snapshots

    public static let snapshot: Text = (
        LocalizedText("A snapshot in the place of the log", zh: "用快照代替日志"),
        LocalizedText(
            "S3 was away, and S1 has put a snapshot in the place of what S3 lacks. So S3 gets the snapshot, "
                + "and then the entries that follow it.",
            zh: "S3 不在期间，S1 已用快照替换了 S3 所缺的那段日志。于是 S3 先得到快照，再得到其后的条目。")
    )
    public static let lateSnapshot: Text = (
        LocalizedText("An old snapshot comes late", zh: "迟到的旧快照"),
        LocalizedText(
            "The first snapshot takes a long way and is overtaken by a second one. When it arrives, S3 has "
                + "more than it brings, and ignores it.",
            zh: "第一份快照绕了远路，被第二份超过。它到达时，S3 已有的比它带来的多，于是忽略它。")
    )
    public static let lateSnapshotInstalled: Text = (
        LocalizedText("Broken: any snapshot is installed", zh: "错误：来者不拒的快照"),
        LocalizedText(
            "The same, but S3 installs it and drops the rest of its log: with it x=3, which S3 has "
                + "acknowledged and S1 has committed. S1 fails, and S3 leads without it.",
            zh: "与上一幕相同，但 S3 装上它并丢弃其余日志，连同自己已确认、S1 已提交的 x=3。S1 宕机后，S3"
                + " 当选，却没有它。")
    )
}
