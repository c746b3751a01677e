/// What two generals on two hills want of each other, and how it fails.
package enum TwoGeneralsMessages {
    package static let title = LocalizedText("Two generals and their messengers", zh: "两军问题")

    /// Every phrase of the states of the generals.
    package static let vocabulary = Vocabulary([
        .init("seen ", zh: "已见信使 "), .init(" of ", zh: "/"), .init("attacks", zh: "进攻"), .init("stays", zh: "按兵不动"),
        .init("lost", zh: "失忆"), .init("attack at dawn", zh: "拂晓进攻"), .init(" has come", zh: " 已到"),
    ])

    package static let agreement = LocalizedText(
        "at dawn both generals attack, or neither does", zh: "拂晓时分，两位将军要么一起进攻，要么都按兵不动")
    package static func alone(_ attacker: String, without other: String) -> LocalizedText {
        LocalizedText("\(attacker) attacks alone; \(other) stays in its camp", zh: "\(attacker) 独自进攻，\(other) 按兵不动")
    }
    package static let validity = LocalizedText(
        "nobody attacks unless an attack was proposed", zh: "没有人提议，就没有人进攻")
    package static func untold(_ attacker: String) -> LocalizedText {
        LocalizedText("\(attacker) attacks, and no messenger has come to it", zh: "没有信使到过 \(attacker)，它却进攻了")
    }
}

/// The titles and stories of the scenes of the two generals.
package enum TwoGeneralsSceneTexts {
    package typealias Text = (title: LocalizedText, story: LocalizedText)

    package static let allArrive: Text = (
        LocalizedText("Nobody is caught", zh: "没有信使被抓"),
        LocalizedText(
            "A and B camp on two hills, the enemy in the valley between them. A proposes to attack at dawn, B answers, A answers "
                + "the answer… Every messenger gets through this time. `--nodes` says how many there are.",
            zh: "A 和 B 各占一座山头，敌人在中间的山谷里。A 提议拂晓进攻，B 回信，A 再回信……这一次信使全都到了。用 `--nodes` 可以改变信使的个数。")
    )
    package static let lastCaught: Text = (
        LocalizedText("The last messenger is caught", zh: "最后一个信使被抓"),
        LocalizedText(
            "Who sent the last messenger expects no answer, and attacks. Who should have received it does not know that all is "
                + "well, and stays. Take more messengers: it is always the last one. Leave the last one out: then another is.",
            zh: "派出最后一个信使的人不再等回信，会进攻；该收到他的人却不知道一切就绪，按兵不动。多派几个信使？出事的总是最后一个。干脆不要最后一个？那倒数第二个就成了最后一个。")
    )
    package static let firstCaught: Text = (
        LocalizedText("The first messenger is caught", zh: "第一个信使被抓"),
        LocalizedText(
            "B has heard nothing, and A hears nothing back. Both stay: a plan that nobody knows of does no harm.",
            zh: "B 什么也没听到，A 也等不到回音。两边都按兵不动：没人知道的计划伤不了人。")
    )
    package static let contentWithLess: Text = (
        LocalizedText("Content with one messenger less", zh: "少一个信使也行"),
        LocalizedText(
            "Whoever should receive the last messenger now attacks without it. Its loss is harmless; but so the messenger before "
                + "it has become the last one that matters, and it is caught.",
            zh: "该收到最后一个信使的人，现在没等到也照样进攻。丢了他无妨；可这样一来，他前面的那个就成了最后一个要紧的信使，而他被抓了。")
    )
    package static let attackAnyway: Text = (
        LocalizedText("A attacks in any case", zh: "A 无论如何都进攻"),
        LocalizedText(
            "If A needs no answer, everything hangs on the first messenger. He is caught, and A attacks alone.",
            zh: "A 如果不等回信，成败就系于第一个信使。他被抓了，A 独自进攻。")
    )
    package static let untilAnswered: Text = (
        LocalizedText("Again and again", zh: "一遍又一遍地派"),
        LocalizedText(
            "A sends messenger after messenger until an answer comes; so does TCP. B's first answers are caught, a later one gets "
                + "through, well before dawn. In practice this is good enough, and it is no proof: it needs luck before a "
                + "deadline.",
            zh: "A 一遍又一遍地派信使，直到收到回信；TCP 也是这样做的。B 的头几封回信被截，后来的一封在拂晓之前早早送到。实践中这就够用了，但它不是证明：它需要在期限之前有运气。")
    )
    package static let noLuck: Text = (
        LocalizedText("Again and again, without luck", zh: "一遍又一遍，但没有运气"),
        LocalizedText(
            "The same generals, but every answer is caught until dawn. B has long known everything, A knows nothing: repeating "
                + "makes the bad night rarer and cannot rule it out.",
            zh: "还是这两位将军，但直到拂晓，每一封回信都被截了。B 早就什么都知道，A 却一无所知：重发让坏运气变得少见，却不能把它排除。")
    )
}
