/// The fastest horses, without a watch: claims, cells and remarks.
package enum HorsesMessages {
    package static let title = LocalizedText("64 horses, eight lanes, the fastest four", zh: "64 匹马、8 条跑道、最快的 4 匹")

    package static func found(_ top: Int) -> LocalizedText {
        LocalizedText("the fastest \(top) are found", zh: "找出了最快的 \(top) 匹")
    }
    package static func foundWrong(_ names: [String]) -> LocalizedText {
        LocalizedText("found \(names.joined(separator: ", "))", zh: "找出的是 \(names.joined(separator: "、"))")
    }
    package static func race(_ number: Int) -> LocalizedText { LocalizedText("race \(number)", zh: "第 \(number) 场") }
    package static func candidates(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) candidates left", zh: "还剩 \(count) 匹可能")
    }
    package static func result(_ names: [String], races: Int) -> LocalizedText {
        LocalizedText(
            "Found in \(races) races: \(names.joined(separator: ", ")).",
            zh: "\(races) 场比赛后找到：\(names.joined(separator: "、"))。")
    }
    package static let arrivalLegend = LocalizedText(
        "Each row is a race, fastest first. ( ): out of the question after this race; [ ]: one of the fastest in the end.",
        zh: "每一行是一场比赛，最快的在左。( )：赛后已无可能；[ ]：最终的最快者。")

    package static func outOfQuestion(_ top: Int) -> LocalizedText {
        LocalizedText(
            "who is left out has at least \(top) faster horses in every order that is possible",
            zh: "被排除的马，在任何可能的名次里都至少有 \(top) 匹比它快")
    }
    package static func heat(_ number: Int) -> LocalizedText { LocalizedText("heat \(number)", zh: "第 \(number) 组") }
    package static let openingLegend = LocalizedText(
        "Heats in the order of their winners. [ ]: sure; ( ): out; the others are open.",
        zh: "各组按头名的名次排列。[ ]：已确定；( )：已排除；其余未定。")

    package static func settledAfter(_ races: Int) -> LocalizedText {
        LocalizedText("\(races) races are always enough", zh: "\(races) 场一定够")
    }
    package static func leftOut(_ name: String) -> LocalizedText {
        LocalizedText("without \(name)", zh: "不让 \(name) 跑")
    }
    package static let everybodyRuns = LocalizedText("everybody open", zh: "未定的全跑")
    package static func settled(_ count: Int, of orders: Int) -> LocalizedText {
        LocalizedText("\(count) of \(orders) orders settled", zh: "\(orders) 种名次中 \(count) 种见分晓")
    }

    package static let noFewer = LocalizedText(
        "no plan is always done with fewer races than the table says", zh: "没有任何方案能保证比表中场数更少")
    package static let headings: [LocalizedText] = [
        LocalizedText("horses", zh: "马"), LocalizedText("lanes", zh: "跑道"), LocalizedText("fastest", zh: "最快"),
        LocalizedText("races", zh: "场数"), LocalizedText("by counting", zh: "数败者"),
    ]
    package static func positions(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) positions played out", zh: "推演了 \(count) 个局面")
    }
    package static let countingLegend = LocalizedText(
        "By counting: everybody but the fastest must lose once, and a race has one loser less than lanes.",
        zh: "数败者：除了最快的那匹，每匹马至少要输一次；一场比赛的败者比跑道少一个。")
}

/// The titles and stories of the scenes of horses.
package enum HorsesSceneTexts {
    package typealias Text = (title: LocalizedText, story: LocalizedText)

    package static let races: Text = (
        LocalizedText("A tournament", zh: "一次选拔赛"),
        LocalizedText(
            "Eight heats, then the winners, then whoever may still be among the fastest four. Nine are left and there are eight "
                + "lanes: one stays out, and sometimes an eleventh race has to say what it was worth. Another --seed is another day.",
            zh: "先赛八组，再让八个头名赛一场，然后让仍有可能进前四的跑。剩下九匹，跑道只有八条：留一匹在外面，有时就得用第十一场来弄清它的高低。换个 --seed 就是另一天。")
    )
    package static let opening: Text = (
        LocalizedText("Nine races leave nine horses", zh: "九场之后剩九匹"),
        LocalizedText(
            "After eight heats and the race of the winners most horses are out: four others are known to be faster. One is sure to "
                + "be the fastest; nine are open, in 1680 orders. A good question excludes as many as it can.",
            zh: "八组预赛加一场头名赛之后，多数马已被排除：已知至少有四匹比它快。最快的那匹已经确定，还有九匹未定，共 1680 种可能的名次。好问题要一次排除尽可能多的可能。")
    )
    package static let tenth: Text = (
        LocalizedText("Are ten races enough?", zh: "十场够不够？"),
        LocalizedText(
            "Who of the nine shall stay out of the tenth race? All nine answers, each against all 1680 orders. Some answers are "
                + "far better than others, and none is always enough.",
            zh: "九匹里让谁不跑第十场？九种答案，每种都与全部 1680 种名次对一遍。有的答案好得多，但没有一种总是够的。")
    )
    package static let eleventh: Text = (
        LocalizedText("Eleven are", zh: "十一场够"),
        LocalizedText(
            "After the tenth race no more than eight horses are open, whoever stayed out and however it ended: one more race settles "
                + "it.",
            zh: "第十场之后，无论谁没跑、结果如何，未定的马都不超过八匹：再跑一场就见分晓。")
    )
    package static let classic: Text = (
        LocalizedText("25 horses, five lanes, the fastest three", zh: "25 匹马、5 条跑道、最快的 3 匹"),
        LocalizedText(
            "The better known sister: six races leave five horses, and there are five lanes. Seven races, always.",
            zh: "更出名的姊妹题：六场之后剩五匹，正好五条跑道。七场，必定够。")
    )
    package static let fewest: Text = (
        LocalizedText("Why not fewer?", zh: "为什么不能更少？"),
        LocalizedText(
            "To show that a plan works takes one plan; to show that none is better takes all of them. For small stables every plan "
                + "was played against every outcome. Counting losers alone often gives too small a number.",
            zh: "证明一个方案可行，只要一个方案；证明没有更好的，就要看遍所有方案。马少的时候，可以让每个方案与每种结果对弈一遍。单靠数败者，得到的下界往往偏小。")
    )
}
