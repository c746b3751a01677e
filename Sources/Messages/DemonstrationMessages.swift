/// Sentences about claims that are checked on every case.
package enum DemonstrationMessages {
    package static func unknownNumber(_ name: String, scene: String, known: [String]) -> LocalizedText {
        let nothing = known.isEmpty
        return LocalizedText(
            "The scene ‘\(scene)’ has no number ‘\(name)’. "
                + (nothing
                    ? "It has none." : "It has: \(known.joined(separator: ", ")). Example: --given \(known[0])=3"),
            zh: "场景“\(scene)”没有名为“\(name)”的数。"
                + (nothing ? "它没有可选的数。" : "可选的有：\(known.joined(separator: "、"))。例如：--given \(known[0])=3"))
    }
    package static func outOfRange(_ name: String, _ value: Int, allowed: ClosedRange<Int>) -> LocalizedText {
        LocalizedText(
            "\(name) can be \(allowed.lowerBound) to \(allowed.upperBound), not \(value).",
            zh: "\(name) 可以取 \(allowed.lowerBound) 到 \(allowed.upperBound)，不能是 \(value)。")
    }
    package static func unreadableNumber(_ text: String) -> LocalizedText {
        LocalizedText(
            "‘\(text)’ is not a name and a number. Example: --given W=2", zh: "“\(text)”不是名字加数字的形式。例如：--given W=2")
    }
    package static func tooMany(_ count: Int, limit: Int) -> LocalizedText {
        LocalizedText(
            "That makes more than \(limit) cases; take smaller numbers.", zh: "那样会有超过 \(limit) 种情形，请取小一些的数。")
    }
    package static func onlyForProtocols(_ option: String, _ name: String) -> LocalizedText {
        LocalizedText(
            "‘\(name)’ looks at every case and runs no protocol, so \(option) has no meaning here. See: zoolab run \(name) --list",
            zh: "“\(name)”是逐一检查所有情形，并不运行协议，所以 \(option) 在这里没有意义。请看：zoolab run \(name) --list")
    }
    package static func onlyForDemonstrations(_ name: String) -> LocalizedText {
        LocalizedText(
            "--given chooses numbers of a demonstration; ‘\(name)’ is a protocol. Use --nodes for the number of participants.",
            zh: "--given 用来给“逐一检查”的场景选数；“\(name)”是一个协议。参与者个数请用 --nodes。")
    }
    package static func alreadySearched(_ name: String) -> LocalizedText {
        LocalizedText(
            "‘\(name)’ looks at every case by itself: zoolab run \(name)", zh: "“\(name)”本来就会检查所有情形：zoolab run \(name)")
    }

    package static func claim(_ claim: LocalizedText, numbers: String) -> LocalizedText {
        LocalizedText(
            "Claim\(numbers.isEmpty ? "" : " (\(numbers))"): \(claim.english).",
            zh: "断言\(numbers.isEmpty ? "" : "（\(numbers)）")：\(claim.chinese)。")
    }
    package static func holds(_ count: Int) -> LocalizedText {
        LocalizedText(
            "True: \(count) cases looked at, every one there is.", zh: "成立：全部 \(count) 种情形都检查过了，无一例外。")
    }
    package static func refuted(_ counterexamples: Int, of count: Int) -> LocalizedText {
        LocalizedText(
            "False: \(counterexamples) of all \(count) cases contradict it.",
            zh: "不成立：全部 \(count) 种情形中有 \(counterexamples) 种是反例。")
    }
    /// In a line of a list.
    package static func expected(isRefuted: Bool) -> LocalizedText {
        isRefuted
            ? LocalizedText("shows a counterexample", zh: "有反例") : LocalizedText("true in every case", zh: "每种情形都成立")
    }
    package static func notAsExpected(isRefuted: Bool) -> LocalizedText {
        isRefuted
            ? LocalizedText("NOT AS EXPECTED: there should be a counterexample.", zh: "与预期不符：应当有反例。")
            : LocalizedText("NOT AS EXPECTED: there should be no counterexample.", zh: "与预期不符：不应有反例。")
    }
    package static func more(_ count: Int) -> LocalizedText {
        LocalizedText("… and \(count) more like these.", zh: "……还有 \(count) 行与此类似。")
    }
    package static func tooWide(_ columns: Int) -> LocalizedText {
        LocalizedText(
            "The table is wider than \(columns) columns; --draw FILE makes a picture of it.",
            zh: "表格比 \(columns) 列还宽；用 --draw FILE 把它画成图。")
    }
}
