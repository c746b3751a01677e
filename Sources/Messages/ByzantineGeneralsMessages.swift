/// What the Byzantine generals promise each other, and how a broken promise is told.
package enum ByzantineGeneralsMessages {
    package static let title = LocalizedText("The Byzantine generals", zh: "拜占庭将军问题")

    /// Every phrase of the states and notes of the generals.
    package static let vocabulary = Vocabulary([
        .init("traitor", zh: "叛徒"), .init("lost", zh: "失忆"), .init("attacks", zh: "进攻"), .init("retreats", zh: "撤退"),
        .init("orders attack", zh: "下令进攻"), .init("orders retreat", zh: "下令撤退"),
        .init("told to attack", zh: "奉命进攻"), .init("told to retreat", zh: "奉命撤退"),
        .init("signed: ", zh: "有签名："), .init("attack", zh: "进攻"), .init("retreat", zh: "撤退"), .init(", ", zh: "、"),
        .init("too late: ", zh: "来得太迟："), .init("forged: ", zh: "签名是伪造的："), .init("round", zh: "一轮结束"),
    ])

    package static let agreement = LocalizedText(
        "IC1: all loyal lieutenants obey the same order, while at most m generals are faulty",
        zh: "IC1：只要出错的将军不超过 m 个，所有忠诚的副官执行同一道命令")
    package static func differ(_ first: String, attacks: Bool, _ second: String) -> LocalizedText {
        let (attacker, other) = attacks ? (first, second) : (second, first)
        return LocalizedText("\(attacker) attacks and \(other) retreats", zh: "\(attacker) 进攻，\(other) 却撤退了")
    }

    package static let obedience = LocalizedText(
        "IC2: every loyal lieutenant obeys a loyal commander, while at most m generals are faulty",
        zh: "IC2：只要出错的将军不超过 m 个，而司令是忠诚的，每个忠诚的副官都执行他的命令")
    package static func disobeys(_ lieutenant: String, toldToAttack: Bool) -> LocalizedText {
        toldToAttack
            ? LocalizedText(
                "the loyal commander orders attack, and \(lieutenant) retreats", zh: "忠诚的司令下令进攻，\(lieutenant) 却撤退了")
            : LocalizedText(
                "the loyal commander orders retreat, and \(lieutenant) attacks", zh: "忠诚的司令下令撤退，\(lieutenant) 却进攻了")
    }
}

/// The titles and stories of the scenes of the Byzantine generals.
package enum ByzantineGeneralsSceneTexts {
    package typealias Text = (title: LocalizedText, story: LocalizedText)

    package static let loyal: Text = (
        LocalizedText("Everybody is loyal", zh: "人人忠诚"),
        LocalizedText(
            "The commander sends its order to every lieutenant. In the second round each of them tells the others what it has "
                + "heard, and everybody takes the majority. The arrows say through whose mouths an order came: C:L1 is “L1 says "
                + "that C says”.",
            zh: "司令把命令发给每个副官。第二轮里，副官互相转告自己听到的命令，然后各自取多数。箭头上写着命令经过了谁的口：C:L1 就是“L1 说司令说”。")
    )
    package static let lieutenantLies: Text = (
        LocalizedText("Three generals: a lieutenant lies", zh: "三个将军：副官说谎"),
        LocalizedText(
            "The commander orders attack. L2 is a traitor and tells L1 that it was told to retreat. L1 hears one of each, and so "
                + "retreats: it disobeys a loyal commander. Remember what L1 has heard, and look at the next scene.",
            zh: "司令下令进攻。L2 是叛徒，告诉 L1 自己接到的是撤退令。L1 听到的一半进攻、一半撤退，只好撤退：它违背了忠诚的司令。记住 L1 听到了什么，再看下一幕。")
    )
    package static let commanderLies: Text = (
        LocalizedText("Three generals: the commander lies", zh: "三个将军：司令说谎"),
        LocalizedText(
            "Now the commander is the traitor: attack for L1, retreat for L2. L1 hears exactly what it heard before. It cannot "
                + "know which of the two pictures it is in, so whatever rule it has, it must do the same in both. Retreat is right "
                + "here, and was wrong there.",
            zh: "这一次叛徒是司令：让 L1 进攻，让 L2 撤退。L1 听到的和上一幕一模一样，它无从知道自己身处哪一幅画；无论用什么规则，它在两幅画里只能做同样的事。撤退在这里是对的，在上一幕却是错的。")
    )
    package static let obedientThree: Text = (
        LocalizedText("Three generals: another rule, another picture", zh: "三个将军：换一条规则也没用"),
        LocalizedText(
            "Let lieutenants simply obey what they were told; that would have been right when the lieutenant lied. But then L2 "
                + "obeys, too, and when the commander lies, L1 attacks alone. With three generals and one traitor no rule works.",
            zh: "让副官直接照办：副官说谎那一幕里这样做是对的。可是 L2 也会照办；轮到司令说谎时，L1 就独自进攻了。三个将军、一个叛徒，什么规则都行不通。")
    )
    package static let fourCommander: Text = (
        LocalizedText("Four generals: the commander lies", zh: "四个将军：司令说谎"),
        LocalizedText(
            "The commander tells its lieutenants different things. They exchange what they have heard, all of them find the same "
                + "three votes, and the same majority. It is not the commander's order they obey, but it is one order.",
            zh: "司令对副官们说的各不相同。他们互相转告，人人手里都是同样的几票，多数也就相同。他们执行的未必是司令的意思，但一定是同一道命令。")
    )
    package static let fourLieutenant: Text = (
        LocalizedText("Four generals: a lieutenant lies", zh: "四个将军：副官说谎"),
        LocalizedText(
            "The last lieutenant turns every order round. It is one voice against the commander's own and those of the other "
                + "loyal lieutenants: outvoted. One general more than in the hopeless scenes, and every lie fails; "
                + "`zoolab explore` tries them all.",
            zh: "最后一个副官把命令反过来转告。它只有一票，对面是司令本人的命令和其他忠诚副官的转述：少数服从多数。只比走投无路的那几幕多一个将军，一切谎言就都落空；`zoolab explore` 会把它们全部试一遍。")
    )
    package static let silence: Text = (
        LocalizedText("A traitor who says nothing", zh: "沉默的叛徒"),
        LocalizedText(
            "The commander speaks to L1 and to nobody else. Whoever hears nothing by the end of the round takes RETREAT for "
                + "the order, and relays that. Silence is a lie like any other, because it can be noticed.",
            zh: "司令只对 L1 说了话。到一轮结束还什么都没听到的人，就把撤退当作命令，并照此转告。沉默不过是谎言的一种，因为它能被察觉。")
    )
    package static let crashedCommander: Text = (
        LocalizedText("A crash is a small treason", zh: "宕机是小小的背叛"),
        LocalizedText(
            "Nobody lies, but the commander falls after its first word. Who can outvote liars can outvote the dead: a crash is "
                + "one of the m faults. The other way round it does not work, since protocols for crashes believe all they hear.",
            zh: "没有人说谎，但司令刚说出第一句话就倒下了。能用票数压倒骗子的，也能压倒死者：宕机算作 m 个错误之一。反过来却不行：只防宕机的协议听到什么就信什么。")
    )
    package static let sixGenerals: Text = (
        LocalizedText("Six generals, two traitors: n = 3m", zh: "六个将军、两个叛徒：n = 3m"),
        LocalizedText(
            "L4 and L5 are in league, and the commander is loyal. Their lies were found by trying all that matter: the loyal "
                + "lieutenants hear as much of the one as of the other, and disobey. Three rounds do not help where n is "
                + "only 3m: it is the hopeless picture again, every general drawn twice.",
            zh:
                "L4 和 L5 串通一气，司令是忠诚的。这些谎言是把一切有意义的说法都试过之后找到的：忠诚的副官听到的两种说法一样多，于是违背了命令。只要 n 不超过 3m，三轮也没有用：这就是那幅走投无路的画，只是每个将军都画成了两个。"
        )
    )
    package static let sevenGenerals: Text = (
        LocalizedText("Seven generals, two traitors: n > 3m", zh: "七个将军、两个叛徒：n > 3m"),
        LocalizedText(
            "OM(2) with one general more. Three rounds of 6, 30 and 120 messages, less what the traitors do not say: "
                + "(n−1), (n−1)(n−2), (n−1)(n−2)(n−3). Safety has its price in messages.",
            zh: "再多一个将军的 OM(2)。三轮分别是 6、30、120 条消息（扣掉叛徒没说的）：(n−1)、(n−1)(n−2)、(n−1)(n−2)(n−3)。安全是用消息换来的。")
    )
    package static let anyLies: Text = (
        LocalizedText("Lies by the dice", zh: "掷骰子说谎"),
        LocalizedText(
            "The last lieutenant says to everybody what the seed tells it: attack, retreat, or nothing. Try other seeds. The "
                + "loyal ones obey their loyal commander, whatever it says.",
            zh: "最后一个副官对每个人说什么，全由种子决定：进攻、撤退，或者一言不发。换几个种子试试。无论它说什么，忠诚的副官都执行忠诚司令的命令。")
    )
    package static let signedCommander: Text = (
        LocalizedText("Signed: three generals are enough", zh: "签名消息：三个将军就够了"),
        LocalizedText(
            "The same treason as before, but every order is signed. L1 and L2 show each other what they got, and both hold two "
                + "orders with the commander's signature: now they know who lies, and both retreat.",
            zh: "还是刚才的背叛，但每道命令都有签名。L1 和 L2 互相出示收到的命令，两人手里都有两道带司令签名的命令：谁在说谎一清二楚，于是一起撤退。")
    )
    package static let signedForgery: Text = (
        LocalizedText("Signed: a forged order", zh: "签名消息：伪造的命令"),
        LocalizedText(
            "L2 would like to say that the commander ordered retreat, but it cannot sign for it. L1 looks at the signature and "
                + "throws the order away. A traitor can keep silent or repeat what it was given; to twist it is beyond it.",
            zh: "L2 想说司令下令撤退，却签不出司令的名字。L1 一看签名，就把这道命令扔掉。叛徒可以不说，也可以照转，但没法歪曲。")
    )
    package static let signedLeague: Text = (
        LocalizedText("Signed: two traitors of four", zh: "签名消息：四人之中两个叛徒"),
        LocalizedText(
            "The commander and L3 are in league. L3 keeps a second order back until the second round and shows it to L1 only. "
                + "But L1 signs it and passes it on in the third: SM(m) has m + 1 rounds so that somebody loyal is on every "
                + "long chain.",
            zh: "司令和 L3 串通。L3 把另一道命令压到第二轮，而且只给 L1 看。但 L1 会签上名，在第三轮转交出去：SM(m) 之所以要 m + 1 轮，就是要让每条够长的签名链上都有一个忠诚的人。")
    )
    package static let lateMessage: Text = (
        LocalizedText("Late is like never", zh: "迟到等于没来"),
        LocalizedText(
            "One traitor of four, as many as OM(1) bears. But the order for L1 is late by more than a round, and L1 must take "
                + "silence for RETREAT. Oral messages need a bound on delay; where there is none, agreement needs other means.",
            zh: "四人之中一个叛徒，正是 OM(1) 承受得起的。可是发给 L1 的命令迟了不止一轮，L1 只能把沉默当作撤退。口头消息需要时延有上限；没有上限的网络里，要达成一致得另想办法。")
    )
    package static let mutantObeys: Text = (
        LocalizedText("Mutant: obeys at once", zh: "变异体：听了就办"),
        LocalizedText(
            "Four generals, and lieutenants who skip the second round: the lie of the commander goes straight through.",
            zh: "四个将军，但副官省掉了第二轮：司令的谎言长驱直入。")
    )
    package static let mutantOwnOrder: Text = (
        LocalizedText("Mutant: forgets its own vote", zh: "变异体：忘了自己的一票"),
        LocalizedText(
            "Lieutenants take the majority of what the others say and leave out what the commander told them. The one traitor "
                + "now has half of the votes.",
            zh: "副官只统计别人的说法，漏掉了司令亲口告诉自己的那一票。于是唯一的叛徒就占了一半的票。")
    )
    package static let mutantForgery: Text = (
        LocalizedText("Mutant: nobody looks at signatures", zh: "变异体：没人验签名"),
        LocalizedText(
            "The forged order of before, and an L1 that believes it: a signature that nobody verifies is ink.",
            zh: "还是那道伪造的命令，但 L1 信了：没有人验证的签名，不过是一摊墨水。")
    )
    package static let mutantLate: Text = (
        LocalizedText("Mutant: takes orders at any time", zh: "变异体：什么时候来的命令都算"),
        LocalizedText(
            "The commander shows a second order to L1 in the last round, too late for L1 to pass it on. Who counts it decides "
                + "on something that the others cannot know.",
            zh: "司令在最后一轮才给 L1 看第二道命令，L1 已经来不及转交。把它算进去，就是根据别人不可能知道的事来做决定。")
    )
}
