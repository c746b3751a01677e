/// What try-confirm-cancel is called and promises, and how its machines speak of themselves.
public enum TCCMessages {
    public static let title = LocalizedText("Try, confirm, cancel (TCC)", zh: "TCC：尝试、确认、取消")

    public static let conservation = LocalizedText(
        "no account falls below zero, and when nothing is open there is as much money as before",
        zh: "账户不会变成负数；没有未了结的事务时，总金额与最初相同")
    public static func belowZero(_ node: String, account: String, value: Int) -> LocalizedText {
        LocalizedText("\(node): \(account) is \(value)", zh: "\(node)：\(account) 变成了 \(value)")
    }
    public static func changedSum(before: Int, now: Int) -> LocalizedText {
        LocalizedText("there was \(before), and there is \(now)", zh: "原来共有 \(before)，现在是 \(now)")
    }
    public static let noOrphans = LocalizedText(
        "no reservation is left that nobody will come back for", zh: "不会留下再也没有人来处理的预留")
    public static func orphan(_ transaction: String, node: String) -> LocalizedText {
        LocalizedText(
            "\(transaction): \(node) has reserved, and the coordinator has done with it",
            zh: "\(transaction)：\(node) 还预留着，而协调者早已了结此事")
    }

    /// Every phrase of the states, phases and notes of the machines of try-confirm-cancel.
    public static let vocabulary = Vocabulary([
        .init("beginning", zh: "登记"), .init("trying, ", zh: "尝试 "), .init("trying", zh: "正在预留"),
        .init("tried", zh: "已预留"), .init("decides to confirm", zh: "决定确认"), .init("decides to cancel", zh: "决定取消"),
        .init("confirming", zh: "正在确认"), .init("cancelling", zh: "正在取消"), .init("confirmed", zh: "已确认"),
        .init("cancelled", zh: "已取消"), .init("try", zh: "尝试阶段"), .init("confirm", zh: "确认"), .init("cancel", zh: "取消"),
        .init(" of ", zh: "/"), .init(" reserved ", zh: " 预留 "),
        .init("a try is missing: cancel", zh: "有人没有回应尝试：取消"), .init("told to refuse", zh: "被要求拒绝"),
        .init("cancelled before: no try any more", zh: "已经取消过：不再接受尝试"),
        .init("cancel without a try", zh: "空取消：从没收到过尝试"),
        .init("the reservation expires", zh: "预留到期"), .init("cannot confirm: ", zh: "无法确认："),
        .init("an answer that contradicts the decision", zh: "回答与决定相反"),
        .init(" would fall below 0", zh: " 会变成负数"), .init(" without a reservation", zh: "，但没有预留"),
        .init("told to confirm ", zh: "被要求确认 "), .init("told to cancel ", zh: "被要求取消 "),
        .init(" after confirm", zh: "，但之前已确认"), .init(" after cancel", zh: "，但之前已取消"),
        .init(": confirm", zh: "，确认"), .init(": cancel", zh: "，取消"), .init(": ", zh: "："), .init("; ", zh: "；"),
    ])
}

/// The titles and stories of the scenes of try-confirm-cancel.
public enum TCCSceneTexts {
    public typealias Text = (title: LocalizedText, story: LocalizedText)

    public static let happyPath: Text = (
        LocalizedText("Reserve, then confirm", zh: "先预留，后确认"),
        LocalizedText(
            "TRY moves P1's money into a reservation, a local transaction of its own. When everyone has reserved, the coordinator "
                + "confirms, which cannot fail: nobody else could touch what is reserved.",
            zh: "TRY 把 P1 的钱转入预留，这本身就是一个完整的本地事务。所有人都预留好了，协调者才确认；确认不会失败，因为预留的钱谁也动不了。")
    )
    public static let overdraft: Text = (
        LocalizedText("One cannot reserve", zh: "有人预留不了"),
        LocalizedText(
            "P1 has 5000 and is asked for more. It refuses, and the coordinator cancels everyone, also P1, which has nothing "
                + "to give back.",
            zh: "P1 只有 5000，却被要求付出更多。它拒绝了，协调者取消所有人，包括没有任何东西可退的 P1。")
    )
    public static let noLocks: Text = (
        LocalizedText("Nobody waits for a lock", zh: "没有锁，不用等"),
        LocalizedText(
            "P1's first CONFIRM is lost, so that its reservation stays open for a while. A second payment comes meanwhile and takes "
                + "from what is left. In two-phase commit it would be refused (scene “locks-in-the-way” there).",
            zh: "发给 P1 的第一个 CONFIRM 丢了，它的预留要多挂一会儿。这时第二笔付款到来，从剩下的钱里扣，一切照常。换成两阶段提交，它会被锁挡住（见那里的 locks-in-the-way 场景）。")
    )
    public static let reservedIsReserved: Text = (
        LocalizedText("What is reserved is gone for others", zh: "预留的钱，别人用不了"),
        LocalizedText(
            "Two payments of 3000 at almost the same time, and P1 has 5000. The second one is refused at TRY, when it can still be "
                + "cancelled, and not at CONFIRM.",
            zh: "两笔 3000 的付款几乎同时到来，而 P1 只有 5000。第二笔在 TRY 时就被拒绝——这时还来得及取消——而不会拖到 CONFIRM。")
    )
    public static let emptyCancel: Text = (
        LocalizedText("Cancel without a try", zh: "空取消"),
        LocalizedText(
            "The TRY for P1 is lost. When the coordinator cancels, P1 has nothing to give back: it must not pay anything out, and must "
                + "answer as if all were well.",
            zh: "发给 P1 的 TRY 丢了。协调者取消时，P1 没有任何预留可退：它既不能往外退钱，又必须正常回答。")
    )
    public static let lateTry: Text = (
        LocalizedText("A try after its cancel", zh: "取消之后才到的尝试（悬挂）"),
        LocalizedText(
            "The TRY for P1 takes 300 ms; CANCEL overtakes it. P1 has kept a record of the empty cancel, and turns the late TRY away. Else "
                + "its money would stay reserved for ever.",
            zh: "发给 P1 的 TRY 走了 300 毫秒，CANCEL 后发先至。P1 为那次空取消留了记录，于是拒绝迟到的 TRY；否则钱会永远挂在预留里。")
    )
    public static let everyMessageTwice: Text = (
        LocalizedText("Every message twice", zh: "所有消息都来两遍"),
        LocalizedText(
            "The network delivers everything twice. The transaction record answers what was done before, so that nothing is "
                + "reserved, paid or given back twice.",
            zh: "网络把每条消息都送两遍。做过的事由事务记录来回答，所以不会预留两次、付两次、退两次。")
    )
    public static let coordinatorRecovers: Text = (
        LocalizedText("The coordinator insists", zh: "协调者会坚持到底"),
        LocalizedText(
            "The coordinator crashes after its first CONFIRM. Its log says what was decided; back again it goes on until everyone "
                + "has confirmed.",
            zh: "协调者发出第一个 CONFIRM 后宕机。日志里写着决定；它回来后继续发，直到人人确认。")
    )
    public static let undecidedRecovers: Text = (
        LocalizedText("No decision in the log", zh: "日志里没有决定"),
        LocalizedText(
            "The coordinator crashes while it still waits for somebody. Its log says whom it asked, and nothing was decided: it "
                + "cancels all of them.",
            zh: "协调者还在等人回答时宕机。日志里只有问过谁，没有决定：它把所有人都取消。")
    )
    public static let participantRecovers: Text = (
        LocalizedText("A reservation survives a crash", zh: "预留不怕宕机"),
        LocalizedText(
            "P1 crashes after TRIED and misses its CONFIRM. Its log still holds the reservation, and the coordinator says CONFIRM "
                + "again.",
            zh: "P1 回答 TRIED 之后宕机，错过了 CONFIRM。预留还在日志里，协调者也会再说一次 CONFIRM。")
    )
    public static let coordinatorGone: Text = (
        LocalizedText("The coordinator never comes back", zh: "协调者一去不回"),
        LocalizedText(
            "Everyone has reserved and nobody decides. The money stays reserved, as locks stay in two-phase commit; but only "
                + "this money, the accounts go on.",
            zh: "所有人都预留好了，却没有人来决定。钱一直被预留着，就像两阶段提交里的锁；不过冻结的只是这笔钱，账户照常使用。")
    )
    public static let expires: Text = (
        LocalizedText("A reservation expires", zh: "预留会到期"),
        LocalizedText(
            "Here participants cancel by themselves after 200 ms. The coordinator is down, had decided nothing, and cancels when it is "
                + "back: all agree.",
            zh: "这里的参与者等 200 毫秒就自行取消。协调者宕机前没有做过决定，回来后也是取消：大家一致。")
    )
    public static let tooLate: Text = (
        LocalizedText("A confirm that comes too late", zh: "来得太晚的确认"),
        LocalizedText(
            "The same rule, another accident: CONFIRM to P1 takes longer than the reservation lives. The others have been paid, and "
                + "P1 has taken its money back. A promise with an end is no promise.",
            zh: "规则相同，换了个意外：发给 P1 的 CONFIRM 比预留的期限还慢。别人已经收到钱，P1 却把钱收了回去。有期限的承诺，算不上承诺。")
    )
    public static let mutantTwice: Text = (
        LocalizedText("Mutant: confirms twice", zh: "变异体：重复确认"),
        LocalizedText(
            "P2's answer is lost, so the coordinator says CONFIRM again. Without a look at its record P2 takes the money in twice.",
            zh: "P2 的回答丢了，协调者便再发一次 CONFIRM。P2 不查事务记录，入账两次。")
    )
    public static let mutantBlindly: Text = (
        LocalizedText("Mutant: gives back what it never took", zh: "变异体：没扣过也退钱"),
        LocalizedText(
            "The TRY for P1 is lost. On CANCEL P1 gives back, without looking whether it had taken anything.",
            zh: "发给 P1 的 TRY 丢了。收到 CANCEL 时，P1 也不看看扣没扣过，直接退钱。")
    )
    public static let mutantLateTry: Text = (
        LocalizedText("Mutant: accepts a try after its cancel", zh: "变异体：取消之后还接受尝试"),
        LocalizedText(
            "P1 keeps no record of the empty cancel. The late TRY reserves, and the coordinator has long done with it: nobody will "
                + "ever come for this money.",
            zh: "P1 没有为空取消留下记录。迟到的 TRY 预留成功，而协调者早已了结此事：这笔钱再也没有人来处理。")
    )
    public static let mutantReservesNothing: Text = (
        LocalizedText("Mutant: a try that only looks", zh: "变异体：只看不留的尝试"),
        LocalizedText(
            "TRY only looks whether there is enough money. Two payments both find enough; the second CONFIRM fails at P1, when the "
                + "others have confirmed.",
            zh: "这里的 TRY 只看看余额够不够。两笔付款看到的都是“够”；等到第二个 CONFIRM，P1 已经付不出，而别人都已确认。")
    )
    public static let mutantDisk: Text = (
        LocalizedText("Mutant: CONFIRM before the disk", zh: "变异体：先发 CONFIRM，后写磁盘"),
        LocalizedText(
            "The coordinator says CONFIRM while its decision is still on the way to the disk, and crashes. Back again it finds no "
                + "decision, and cancels.",
            zh: "协调者在决定落盘之前就发出 CONFIRM，随后宕机。回来后日志里没有决定，它便取消。")
    )
}
