/// Claims about generals that need no network: every rule, every lie.
package enum GeneralsDemonstrationMessages {
    package static let messengersTitle = LocalizedText("Two generals: every rule there is", zh: "两军问题：所有可能的规则")
    package static let everyRuleFails = LocalizedText(
        "every pair of rules fails: somebody attacks alone, or untold, or they do not attack though nobody is caught",
        zh: "每一对规则都会出错：要么有人独自进攻，要么有人没接到消息就进攻，要么信使全到了却不一起进攻")
    private static func pairs(_ count: Int) -> String { count == 1 ? "1 pair" : "\(count) pairs" }
    package static func useless(_ count: Int) -> LocalizedText {
        LocalizedText("\(pairs(count)): no common attack, though all arrive", zh: "\(count) 对：信使全到，却不一起进攻")
    }
    package static func untold(_ count: Int) -> LocalizedText {
        LocalizedText("\(pairs(count)): B attacks without any messenger", zh: "\(count) 对：B 没见到信使就进攻")
    }
    package static func alone(_ count: Int, caught: Int) -> LocalizedText {
        LocalizedText("\(pairs(count)): alone, if M\(caught) is caught", zh: "\(count) 对：M\(caught) 被抓，就有人独自进攻")
    }
    package static let caught = LocalizedText("caught", zh: "被抓")
    package static let rulesLegend = LocalizedText(
        "A rule says for each number of messengers seen whether to attack. All were tried. Of rules that are of any use, each row "
            + "shows the latest messenger whose loss breaks them.",
        zh: "规则：见到几个信使时进攻、几个时不进攻。所有规则都试过了。对还有点用的规则，每一行给出能让它出错的最后一个信使。")
    package static let oneNight = LocalizedText(
        "both attack if nobody is caught, and nobody ever attacks alone", zh: "信使全到时一起进攻，而且任何时候都没有人独自进攻")
    package static func arrivals(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) arrive", zh: "到了 \(count) 个")
    }
    package static let nightHeadings: [LocalizedText] = [
        LocalizedText("A saw", zh: "A 见到"), LocalizedText("B saw", zh: "B 见到"), LocalizedText("A", zh: "A"),
        LocalizedText("B", zh: "B"),
    ]
    package static let attacks = LocalizedText("attacks", zh: "进攻")
    package static let stays = LocalizedText("stays", zh: "不动")
    package static let nightLegend = LocalizedText(
        "From row to row one messenger less arrives, and only one general can tell. At the top both attack, at the bottom "
            + "nobody may; somewhere in between one of them changes its mind alone.",
        zh: "逐行少到一个信使，而只有一位将军察觉得到。最上面两人都进攻，最下面谁都不该进攻；中间必有一处，只有一个人改变了主意。")

    package static let liarsTitle = LocalizedText("Byzantine generals: every lie there is", zh: "拜占庭将军：所有可能的谎言")
    package static let moreThanThreeTimes = LocalizedText(
        "OM(m) keeps IC1 and IC2 against every lie exactly when n > 3m", zh: "面对任何谎言，OM(m) 当且仅当 n > 3m 时保住 IC1 与 IC2")
    package static let liarHeadings: [LocalizedText] = [
        LocalizedText("n", zh: "n"), LocalizedText("m", zh: "m"), LocalizedText("commander lies", zh: "司令说谎"),
        LocalizedText("he is loyal", zh: "司令忠诚"), LocalizedText("messages", zh: "消息数"),
    ]
    package static let safe = LocalizedText("safe", zh: "安全")
    package static func broken(_ promise: String) -> LocalizedText {
        LocalizedText("breaks \(promise)", zh: "破坏 \(promise)")
    }
    package static func lies(_ first: Int, _ second: Int) -> LocalizedText {
        LocalizedText("2^\(first) and 2^\(second) lies", zh: "2^\(first) 与 2^\(second) 种谎言")
    }
    package static let liarsLegend = LocalizedText(
        "m traitors: the commander and the last lieutenants, or the last lieutenants only; a loyal commander gives either order. "
            + "Lies of the last round reach one general each, and are judged by their extremes; all others are enumerated.",
        zh: "m 个叛徒：司令加最后几个副官，或者只是最后几个副官；忠诚的司令两种命令都试。最后一轮的谎言每句只有一人听到，按两个极端来判断；其余的谎言逐一枚举。")
}

/// The titles and stories of these scenes.
package enum GeneralsDemonstrationSceneTexts {
    package typealias Text = (title: LocalizedText, story: LocalizedText)

    package static let everyRule: Text = (
        LocalizedText("No rule works", zh: "没有一条规则行得通"),
        LocalizedText(
            "At most k messengers go to and fro, and each general has a rule: attack after so many, or not. Here are all rules. Not "
                + "one pair of them is of use and safe.",
            zh: "最多派 k 个信使来回奔走，每位将军有一条规则：见到几个信使才进攻。所有规则都在这里了，没有一对既有用又安全。")
    )
    package static let oneNight: Text = (
        LocalizedText("Where it breaks", zh: "断在哪里"),
        LocalizedText(
            "A wants to have seen so many messengers, B so many. Choose k, A and B yourself and try to get rid of the red row.",
            zh: "A 要见到若干个信使才进攻，B 也一样。自己选 k、A、B，试试能不能消掉那行红的。")
    )
    package static let oralMessages: Text = (
        LocalizedText("More than three times as many", zh: "三倍还要多"),
        LocalizedText(
            "For each army every lie of its traitors: where n > 3m none breaks a promise, where n is 3m or less one does. The "
                + "commander alone can never break IC1 here; it is loyal commanders who are disobeyed.",
            zh: "对每支军队试遍叛徒的一切谎言：n > 3m 时没有一句能破坏约定，n 不超过 3m 时总有一句能。光靠司令说谎在这里破坏不了 IC1；被违背的是忠诚的司令。")
    )
}
