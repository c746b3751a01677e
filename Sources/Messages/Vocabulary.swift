/// The words in which machines speak of themselves, in Chinese.
///
/// Machines import nothing and know one language: their states ("uncertain, holds a") and notes are built of fixed
/// phrases. What shows them to a person looks the phrases up here.
public struct Vocabulary: Sendable {
    public struct Phrase: Hashable, Sendable {
        public var english: String
        public var chinese: String
        public init(_ english: String, zh chinese: String) {
            self.english = english
            self.chinese = chinese
        }
    }

    /// Longest first, so that no phrase destroys a longer one.
    private let phrases: [Phrase]

    public init(_ phrases: [Phrase]) {
        self.phrases = phrases.sorted { ($1.english.count, $0.english) < ($0.english.count, $1.english) }
    }

    /// What a machine said, for a person.
    /// - Complexity: O(phrases · length).
    public func text(_ said: String, in language: Language) -> String {
        switch language {
        case .english: said
        case .chinese: phrases.reduce(said) { Self.replace($1, in: $0) }
        }
    }

    /// By hand, since the standard library's way would load its regular expressions into every program, the server too.
    private static func replace(_ phrase: Phrase, in said: String) -> String {
        var (rest, result) = (said[...], "")
        while let first = rest.first {
            if rest.hasPrefix(phrase.english) {
                result += phrase.chinese
                rest.removeFirst(phrase.english.count)
            } else {
                result.append(first)
                rest.removeFirst()
            }
        }
        return result
    }

    public func localized(_ said: String) -> LocalizedText {
        LocalizedText(text(said, in: .english), zh: text(said, in: .chinese))
    }
}

extension TwoPhaseCommitMessages {
    /// Every phrase of the states, phases and notes of the machines of two-phase commit.
    public static let vocabulary = Vocabulary([
        .init("working", zh: "已执行"), .init("preparing", zh: "正在准备"), .init("uncertain", zh: "不确定"),
        .init("committing", zh: "正在提交"), .init("aborting", zh: "正在回滚"), .init("committed", zh: "已提交"),
        .init("aborted", zh: "已回滚"), .init("left", zh: "已离场"), .init("waiting", zh: "等待"),
        .init(", holds ", zh: "，锁住 "), .init("begins to collect", zh: "准备收票"), .init("collecting, ", zh: "收票 "),
        .init("inquiring, ", zh: "询问 "), .init(" of ", zh: "/"), .init(" votes", zh: ""), .init(" answers", zh: ""),
        .init("decides to commit", zh: "决定提交"), .init("decides to abort", zh: "决定回滚"),
        .init("announcing commit", zh: "宣布提交"), .init("announcing abort", zh: "宣布回滚"),
        .init("watching", zh: "旁观"), .init("voting", zh: "投票阶段"), .init("decision", zh: "执行阶段"),
        .init("take-over", zh: "接管"),
        .init("the coordinator is silent: take over", zh: "协调者没有动静：接管"),
        .init("votes are missing: abort", zh: "票没有收齐：回滚"),
        .init("nobody asks for a vote: abort", zh: "没有人来要票：回滚"),
        .init("a vote is missing and nobody forwards a decision: abort", zh: "缺票，也没有人转发决定：回滚"),
        .init("tired of waiting: abort", zh: "等不下去了：回滚"), .init("told to refuse", zh: "被要求拒绝"),
        .init(" is locked by ", zh: " 被锁住，持有者是 "), .init(" would fall below 0", zh: " 会变成负数"),
        .init("no information on ", zh: "没有任何信息："), .init(" without having voted for it", zh: "，但从未投过票"),
        .init("told to commit ", zh: "被要求提交 "), .init("told to abort ", zh: "被要求回滚 "),
        .init(" after commit", zh: "，但之前已提交"), .init(" after abort", zh: "，但之前已回滚"), .init(": commit", zh: "，提交"),
        .init(": abort", zh: "，回滚"), .init("; ", zh: "；"),
    ])
}
