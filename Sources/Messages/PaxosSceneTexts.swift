/// The titles and stories of the scenes of Paxos.
package enum PaxosSceneTexts {
    package typealias Text = (title: LocalizedText, story: LocalizedText)

    package static let happyPath: Text = (
        LocalizedText("One proposer, one ballot", zh: "一个提议者，一轮选定"),
        LocalizedText(
            "P1 asks every acceptor to promise its ballot 1.1, and a majority does. Nobody reports an older "
                + "vote, so P1 may propose its own value. It is chosen at the moment when a majority has it on disk, "
                + "10 ms before any learner knows.",
            zh: "P1 请每个接受者承诺编号 1.1，多数派答应了。没有人报告更早的投票，所以 P1 可以提议自己的值。多数派把它写进磁盘的那一刻它就被选定了，而学习者要 10 毫秒之后才知道。")
    )
    package static let threeRolesInOne: Text = (
        LocalizedText("Every server plays every role", zh: "每台服务器身兼三职"),
        LocalizedText(
            "S1 proposes, and S1 is an acceptor, too. Its own promise and its own vote count like any other: "
                + "only once they are on its disk.",
            zh: "S1 是提议者，同时也是接受者。它自己的承诺和投票与别人的一样：写进磁盘之后才算数。")
    )
    package static let asksAgain: Text = (
        LocalizedText("The client asks a second server", zh: "客户换一台服务器再问"),
        LocalizedText(
            "The client has asked S1, and asks S2 for the same after a while, since it cannot know whether S1 is "
                + "alive. S2 has learned by then what was chosen, and has nothing left to do. Had S1 died, S2 would have "
                + "proposed by itself 150 ms later.",
            zh: "客户先问了 S1；它无从知道 S1 是否还活着，过一会儿又向 S2 提出同样的请求。这时 S2 已经得知选定的值，"
                + "无事可做。倘若 S1 已经宕机，S2 会在 150 毫秒后自己提议。")
    )
    package static let oneBallotEach: Text = (
        LocalizedText("One ballot each, then silence", zh: "每人只有一次机会"),
        LocalizedText(
            "Two proposers, and neither may try again. P2's higher ballot arrives before P1's ACCEPT, so P1 is "
                + "refused and gives up. So few events are possible here that every schedule can be searched.",
            zh: "两个提议者，谁都不许重试。P2 的编号更大，它的 PREPARE 又赶在 P1 的 ACCEPT 之前，于是 P1 被拒绝，就此放弃。这里可能发生的事件不多，可以把所有调度搜索一遍。")
    )
    package static let inventsValue: Text = (
        LocalizedText("Broken: a value out of thin air", zh: "有错：凭空造值"),
        LocalizedText(
            "P1 finds that it is free to choose, and proposes something that no client has asked for.",
            zh: "P1 发现自己可以自由选择，就提议了一个没有任何客户端提出过的值。")
    )
    package static let duellingProposers: Text = (
        LocalizedText("Duelling proposers", zh: "两个提议者的对决"),
        LocalizedText(
            "Each PREPARE arrives just before the other's ACCEPT and makes it worthless. Both proposers start "
                + "again at once with a higher ballot, and so for ever: nothing wrong is ever chosen, but nothing "
                + "right either.",
            zh: "每个 PREPARE 都恰好赶在对方的 ACCEPT 之前，使它作废。两个提议者立刻换更大的编号重来，如此往复，永无止境：不会选错，但也什么都选不出来。")
    )
    package static let backOff: Text = (
        LocalizedText("The duel ends: who is refused waits", zh: "随机退避结束对决"),
        LocalizedText(
            "The same duel, but a proposer that is refused waits for a random time, longer after each failure. "
                + "P1 is refused first, and while it waits P2 gets through. P1 then learns P2's value.",
            zh: "同样的对决，但被拒绝的提议者先随机等待一段时间，失败越多等得越久。P1 先被拒绝，等待期间 P2 顺利完成，P1 随后获知 P2 的值。")
    )
    package static let distinguishedProposer: Text = (
        LocalizedText("The duel never begins: one distinguished proposer", zh: "只让一个提议者说话"),
        LocalizedText(
            "P2 hands its client's value to P1 and keeps still. With one proposer there is nobody to duel with."
                + " Being distinguished is only a habit: safety never depends on there being one.",
            zh: "P2 把客户端的值转交给 P1，自己保持安静。只有一个提议者，就没有对决可言。“主提议者”只是约定：安全性从不依赖于它的唯一。")
    )
    package static let distinguishedProposerDies: Text = (
        LocalizedText("The distinguished proposer dies", zh: "主提议者宕机"),
        LocalizedText(
            "P2 has handed its value to P1, which is dead. When nothing has been chosen after 150 ms, P2 "
                + "proposes by itself.",
            zh: "P2 把值转交给了 P1，可 P1 已经宕机。150 毫秒后仍没有值被选定，P2 就自己提议。")
    )
    package static let lateProposerAdopts: Text = (
        LocalizedText("North is chosen; the later proposer must go on with it", zh: "先北后南：后来者必须沿用"),
        LocalizedText(
            "North has been chosen, and P2 has heard nothing of it. P2 wants south. But the promises it "
                + "collects report a vote for north, so P2 proposes north, under its own ballot: the bigger number "
                + "wins the right to finish the value, not to replace it.",
            zh: "北已被选定，P2 却毫不知情，想提议南。但它收到的承诺里报告了投给北的票，于是 P2 用自己的编号提议北：编号大，赢得的是把已有的值做完的权利，而不是替换它的权利。")
    )
    package static let adoptsHighest: Text = (
        LocalizedText("Two old values: the one of the highest ballot counts", zh: "两个旧值：看编号最大的"),
        LocalizedText(
            "A1 has voted for north in 1.1, and then A2 and A3 chose south in 1.2. P3 meets A1 and A2, which "
                + "report different values. Only the vote of the highest ballot can have been chosen: P3 proposes "
                + "south, although north is reported first.",
            zh: "A1 在 1.1 投了北，后来 A2 和 A3 在 1.2 选定了南。P3 只联系得上 A1 和 A2，两者报告的值不同。可能已被选定的只有编号最大的那一票：P3 提议南，尽管先报告的是北。")
    )
    package static let keepsOwnValue: Text = (
        LocalizedText("Broken: a proposer keeps its own value", zh: "有错：固执己见"),
        LocalizedText(
            "P2 wins the promises of a majority and takes that for the right to propose what it likes. North "
                + "had been chosen; now south is chosen, too.",
            zh: "P2 得到多数派的承诺，就以为可以随意提议。北本已被选定，现在南也被选定了。")
    )
    package static let adoptsFirstReport: Text = (
        LocalizedText("Broken: the first report wins", zh: "有错：谁先报告用谁"),
        LocalizedText(
            "P3 takes the value that is reported first. That is north, which a minority accepted in 1.1; south "
                + "had been chosen in 1.2.",
            zh: "P3 采用最先报告的值，也就是只有少数派在 1.1 接受过的北；而南早已在 1.2 被选定。")
    )
    package static let adoptsMostReported: Text = (
        LocalizedText("Broken: the most frequent report wins", zh: "有错：谁的票多用谁"),
        LocalizedText(
            "P3 counts: north is reported by A1 and A2, south by A3 alone. Counting is wrong. A4 and A5, which "
                + "do not answer, have voted for south as well, and it had been chosen.",
            zh: "P3 数票：A1、A2 报告北，只有 A3 报告南。数票是错的：没有回答的 A4 和 A5 也投了南，南早已被选定。")
    )
    package static let remembersVote: Text = (
        LocalizedText("An acceptor restarts and remembers its vote", zh: "接受者重启后记得自己的票"),
        LocalizedText(
            "A1 and A2 have chosen north. A2 restarts, and is the only one of them that P2 can reach. Its vote "
                + "was on disk before anybody counted it, so P2 hears of north and goes on with it.",
            zh: "A1 和 A2 选定了北。A2 重启过，又是 P2 唯一能联系到的知情者。它的票在被人计数之前就已写进磁盘，所以 P2 得知了北，并沿用下去。")
    )
    package static let forgetsVote: Text = (
        LocalizedText("Broken: an acceptor forgets its vote", zh: "有错：接受者忘了自己的票"),
        LocalizedText(
            "The same crash, but A2 comes back without its vote. A2 and A3 tell P2 that nothing has been "
                + "accepted, and south is chosen beside north.",
            zh: "同样的宕机，但 A2 回来后丢了自己的票。A2 和 A3 告诉 P2 什么都没接受过，于是北之外又选定了南。")
    )
    package static let remembersPromise: Text = (
        LocalizedText("An acceptor restarts and remembers its promise", zh: "接受者重启后记得自己的承诺"),
        LocalizedText(
            "A2 has promised ballot 1.2, restarts, and then P1's ACCEPT of ballot 1.1 arrives late. The promise"
                + " is on disk: A2 refuses, and north stays with A1 alone.",
            zh: "A2 承诺了编号 1.2 之后重启，这时 P1 在编号 1.1 下的 ACCEPT 才迟迟到达。承诺在磁盘上：A2 拒绝，北只有 A1 一票。")
    )
    package static let forgetsPromise: Text = (
        LocalizedText("Broken: an acceptor forgets its promise", zh: "有错：接受者忘了自己的承诺"),
        LocalizedText(
            "After its restart A2 knows of no promise, and accepts the late north under ballot 1.1. With A1 "
                + "that is a majority, for a second value.",
            zh: "重启后的 A2 不记得任何承诺，接受了编号 1.1 下迟到的北。加上 A1 就是多数派：第二个值也被选定了。")
    )
    package static let answersBeforeDisk: Text = (
        LocalizedText("Broken: acceptors answer before their disks do", zh: "有错：没落盘就回答"),
        LocalizedText(
            "A1 and A2 send ACCEPTED while their votes are still on the way to the disk, and crash. P1 has "
                + "learned north; no disk knows of it, and after the restart south is chosen.",
            zh: "A1 和 A2 的票还没写完磁盘就发出了 ACCEPTED，随即宕机。P1 已经获知北，却没有任何磁盘记得它；重启之后选定的是南。")
    )
    package static let lateAccept: Text = (
        LocalizedText("An old ACCEPT comes too late", zh: "迟到的 ACCEPT"),
        LocalizedText(
            "P1's ACCEPT takes its time. Meanwhile A2 and A3 have promised 1.2 and chosen south. When the old "
                + "ACCEPT arrives, A2 compares it with what it has promised, and refuses.",
            zh: "P1 的 ACCEPT 走得很慢。其间 A2 和 A3 承诺了 1.2，并选定了南。旧的 ACCEPT 到达时，A2 拿它与自己承诺过的编号比较，予以拒绝。")
    )
    package static let acceptsWithoutTest: Text = (
        LocalizedText("Broken: an acceptor accepts anything", zh: "有错：来者不拒"),
        LocalizedText(
            "The same late ACCEPT, but acceptors do not compare. A1 and A2 accept north under the old ballot: "
                + "two values are chosen.",
            zh: "同样迟到的 ACCEPT，但接受者不做比较。A1 和 A2 在旧编号下接受了北：两个值被选定。")
    )
    package static let acceptingIsPromising: Text = (
        LocalizedText("To accept is to promise", zh: "接受也是承诺"),
        LocalizedText(
            "P2's PREPARE never reached A3, only its ACCEPT did. By accepting 1.2, A3 has also promised it, so "
                + "that the old ACCEPT of 1.1 finds it bound. P3 meets A1 and A3, and hears of south.",
            zh: "P2 的 PREPARE 没有到达 A3，到达的只有 ACCEPT。A3 接受 1.2 的同时也就承诺了它，因此 1.1 的旧 ACCEPT 会被拒绝。P3 联系 A1 和 A3，得知的是南。")
    )
    package static let acceptsWithoutPromise: Text = (
        LocalizedText("Broken: to accept does not raise the promise", zh: "有错：接受时不提高承诺"),
        LocalizedText(
            "A3 accepts south under 1.2 and still stands by its older promise. The late ACCEPT of 1.1 replaces "
                + "its vote by north; P3 hears of nothing else, and north is chosen after south.",
            zh: "A3 在 1.2 下接受了南，承诺却停留在从前。迟到的 1.1 把它的票换成了北；P3 听不到别的，于是继南之后北又被选定。")
    )
    package static let roundReadBack: Text = (
        LocalizedText("A restarted proposer asks which ballots are used", zh: "重启的提议者先查询编号"),
        LocalizedText(
            "P1 proposed north under 1.1 and crashed. It kept nothing on disk. Before it proposes again it asks"
                + " so many acceptors for their promises that one of them must know of 1.1, if anybody could have "
                + "voted in it. It goes on with 2.1.",
            zh: "P1 在 1.1 下提议过北，然后宕机，磁盘上什么也没留。再次提议之前，它先询问足够多的接受者承诺过什么：只要可能有人在 1.1 投过票，被问到的人里必有一个知道。于是它改用 2.1。")
    )
    package static let roundOnDisk: Text = (
        LocalizedText("A proposer writes its round before it uses it", zh: "先写轮次再使用"),
        LocalizedText(
            "The other way not to use a ballot twice: the round is on the proposer's disk before the first "
                + "PREPARE leaves. It costs one write for each ballot, and no questions after a restart.",
            zh: "避免编号重用的另一种办法：第一个 PREPARE 发出之前，轮次已写进提议者的磁盘。代价是每轮一次写盘，好处是重启后不必询问。")
    )
    package static let forgetsRound: Text = (
        LocalizedText("Broken: a restarted proposer begins with round 1 again", zh: "有错：重启后又从第一轮开始"),
        LocalizedText(
            "P1 restarts and uses ballot 1.1 once more, for another value. A1 has accepted north under it, A2 "
                + "and A3 accept south under it. What the highest ballot's value is has become a question without an "
                + "answer.",
            zh: "P1 重启后再次使用编号 1.1，提议的却是另一个值。在这个编号下，A1 接受了北，A2 和 A3 接受了南。“编号最大的值”成了没有答案的问题。")
    )
    package static let sharedBallots: Text = (
        LocalizedText("Broken: two proposers use the same numbers", zh: "有错：两个提议者共用编号"),
        LocalizedText(
            "Ballots carry no proposer's name. P1 and P2 both prepare 1.0, both are promised it, and each sends"
                + " its own value under it.",
            zh: "编号里没有提议者的名字。P1 和 P2 都准备 1.0，都得到了承诺，又各自在它之下发出自己的值。")
    )
    package static let chosenButUnknown: Text = (
        LocalizedText("Chosen, and nobody knows", zh: "已被选定，却无人知晓"),
        LocalizedText(
            "Every acceptor has north on disk, so it is chosen. But all the ACCEPTED get lost and the proposer "
                + "dies: nobody knows. The next proposer cannot know either; it finds out by proposing, and finishes "
                + "north.",
            zh: "所有接受者的磁盘上都有北，它已被选定。但 ACCEPTED 全部丢失，提议者也宕机了：没有人知道。下一个提议者同样不知道，它只有通过提议才会发现，并把北做完。")
    )
    package static let distinguishedLearners: Text = (
        LocalizedText("Acceptors tell two learners, who tell the rest", zh: "由主学习者转告"),
        LocalizedText(
            "Acceptors tell only P1 and P2 what they accept; these tell L1 and L2. That saves messages. One "
                + "teller would be a weak point: here P1's words get lost, and P2's are enough.",
            zh: "接受者只把投票告诉 P1 和 P2，再由它们转告 L1 和 L2，这样可以省消息。只靠一个转告者是个弱点：这里 P1 的话全丢了，好在还有 P2。")
    )
    package static let minoritySurvives: Text = (
        LocalizedText("Accepted by a minority, and it wins", zh: "少数派接受的值：胜出"),
        LocalizedText(
            "Only A1 has accepted north when P1 dies. North is not chosen. But A1 belongs to the majority that "
                + "P2 meets, so P2 must assume the worst, and north wins.",
            zh: "P1 宕机时只有 A1 接受了北，北并未被选定。但 P2 遇到的多数派里恰好有 A1，它必须作最坏的打算，于是北胜出。")
    )
    package static let minorityVanishes: Text = (
        LocalizedText("Accepted by a minority, and it vanishes", zh: "少数派接受的值：消失"),
        LocalizedText(
            "Only A1 has accepted north when P1 dies, and P2 meets A2 and A3. It hears of nothing and is free: "
                + "south is chosen. Both endings of this story are right.",
            zh: "P1 宕机时只有 A1 接受了北，而 P2 遇到的是 A2 和 A3。它什么也没听说，可以自由选择：南被选定。这个故事的两种结局都是对的。")
    )
    package static let everyMessageTwice: Text = (
        LocalizedText("Every message arrives twice", zh: "每条消息都到两次"),
        LocalizedText(
            "Promises and votes are counted by acceptor, not by message, so that copies change nothing.",
            zh: "承诺和投票按接受者计数，而不是按消息计数，所以多一份副本不会改变什么。")
    )
    package static let latePromise: Text = (
        LocalizedText("A promise to an older ballot", zh: "迟到的旧承诺"),
        LocalizedText(
            "P1's first ballot went nowhere. During its second, A1's promise to the first arrives; since then "
                + "A1 has helped to choose south. The promise says nothing about ballot 2.1, so P1 does not count it,"
                + " and hears of south with its third.",
            zh: "P1 的第一轮没有结果。第二轮进行中，A1 对第一轮的承诺才到；而在此之后，A1 已参与选定了南。这个承诺与编号 2.1 无关，P1 不计入，到第三轮便得知了南。")
    )
    package static let countsOldPromises: Text = (
        LocalizedText("Broken: a proposer counts promises to older ballots", zh: "有错：把旧承诺也算进来"),
        LocalizedText(
            "P1 takes A1's promise to ballot 1.1 for one to ballot 2.1. With A3's that seems to be a majority "
                + "which has accepted nothing, and north is chosen after south.",
            zh: "P1 把 A1 对编号 1.1 的承诺当成对 2.1 的承诺。加上 A3 的，似乎有一个多数派什么都没接受过，于是继南之后北又被选定。")
    )
    package static let countsDuplicates: Text = (
        LocalizedText("Broken: messages are counted instead of acceptors", zh: "有错：数消息而不数人"),
        LocalizedText(
            "Only A1 has accepted north, but its ACCEPTED arrives twice. P1 counts to two and believes that "
                + "north is chosen.",
            zh: "只有 A1 接受了北，但它的 ACCEPTED 到了两次。P1 数到二，便以为北已被选定。")
    )
    package static let learnsAcrossBallots: Text = (
        LocalizedText("Broken: a learner adds votes of different ballots", zh: "有错：跨编号凑票"),
        LocalizedText(
            "A1 has voted for north under 1.1, A2 under 1.2. P2 adds them up to a majority. But votes count "
                + "only under one and the same ballot: no quorum has chosen anything.",
            zh: "A1 在 1.1 投了北，A2 在 1.2 投了北。P2 把它们加成了多数派。但票只有在同一个编号下才能相加：还没有任何法定人数选定过什么。")
    )
    package static let halvesOfFour: Text = (
        LocalizedText("Broken: half of four acceptors is no quorum", zh: "有错：四个里的一半不是法定人数"),
        LocalizedText(
            "Four acceptors, and two are taken for a quorum. A partition gives each side two of them, and each "
                + "side chooses a value of its own: two sets of two need not meet.",
            zh: "四个接受者，把其中两个当作法定人数。网络分区后两边各有两个，各自选定了一个值：两个二人组不一定有交集。")
    )
    package static let majorityOfFour: Text = (
        LocalizedText("Three of four, and a cut in the middle", zh: "四个里的三个"),
        LocalizedText(
            "The same partition with majorities. Neither side has three acceptors, so that nothing is chosen "
                + "while it lasts. That is the price, and it is the right one.",
            zh: "同样的分区，但要求多数派。哪一边都凑不齐三个接受者，分区期间什么也选不出来。这就是代价，而且值得。")
    )
    package static let flexibleQuorums: Text = (
        LocalizedText("Three promise, two accept", zh: "三个承诺，两个接受"),
        LocalizedText(
            "Only quorums of different phases must meet. With four acceptors and three promises, two votes are "
                + "enough: A3 and A4 die after their promises, and north is chosen all the same.",
            zh: "只有不同阶段的法定人数之间才必须相交。四个接受者里有三个承诺，两票就够了：A3 和 A4 承诺之后宕机，北仍被选定。")
    )
}
