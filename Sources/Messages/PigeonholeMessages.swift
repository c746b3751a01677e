/// Pigeons, apples and quorums: claims, cells and remarks.
package enum PigeonholeMessages {
    package static let title = LocalizedText("The pigeonhole principle, and quorums that meet", zh: "抽屉原理与相交的法定人数")

    package static func crowded(_ count: Int) -> LocalizedText {
        LocalizedText("some hole has at least \(count) pigeons", zh: "总有一个鸽笼里至少有 \(count) 只鸽子")
    }
    package static func arrangements(_ count: Int, of all: Int) -> LocalizedText {
        LocalizedText("\(count) of \(all) arrangements", zh: "\(all) 种放法中的 \(count) 种")
    }
    package static let holesAreAlike = LocalizedText(
        "Each row is one shape: holes sorted by how full they are. Every way to put each pigeon into a hole was made.",
        zh: "每一行是一种形状：鸽笼按拥挤程度排列。每只鸽子进每个笼子的所有放法都试过了。")

    package static let redApple = LocalizedText("red", zh: "红")
    package static let greenApple = LocalizedText("green", zh: "青")
    package static let someRed = LocalizedText("whoever takes R apples has a red one", zh: "随手拿 R 个苹果，必有一个红的")
    package static func redTaken(_ count: Int) -> LocalizedText {
        count == 0 ? LocalizedText("no red one", zh: "没有红的") : LocalizedText("\(count) red", zh: "\(count) 个红的")
    }
    package static let applesLegend = LocalizedText(
        "[ ] is taken. Red: the W copies that have the new value; green: stale.", zh: "[ ] 表示被拿到。红：已更新的 W 个副本；青：旧副本。")

    package static func meet(_ least: Int) -> LocalizedText {
        least == 1
            ? LocalizedText("any two of these sets share a member", zh: "任意两个这样的集合都有公共成员")
            : LocalizedText("any two of these sets share at least \(least) members", zh: "任意两个这样的集合至少有 \(least) 个公共成员")
    }
    package static let readsMeetWrites = LocalizedText(
        "every set that is read shares a member with every set that was written", zh: "每个读集合与每个写集合都有公共成员")
    package static func shared(_ names: [String]) -> LocalizedText {
        names.isEmpty
            ? LocalizedText("share nobody", zh: "没有公共成员")
            : LocalizedText("share \(names.joined(separator: ", "))", zh: "共有 \(names.joined(separator: "、"))")
    }
    package static let legendTwoSets = LocalizedText(
        "1: in the first set, 2: in the second, 12: in both.", zh: "1：在第一个集合里；2：在第二个集合里；12：两个都在。")
    package static let legendReadWrite = LocalizedText(
        "W: written, R: read, WR: both, so that the read sees the write.", zh: "W：写到；R：读到；WR：既写又读，读者因此看得到这次写入。")
    package static let moreThanCopies = LocalizedText(
        "There are only N copies: W and R cannot be more.", zh: "总共只有 N 个副本，W 和 R 不能更多。")
}

/// The titles and stories of the scenes of pigeonholes and quorums.
package enum PigeonholeSceneTexts {
    package typealias Text = (title: LocalizedText, story: LocalizedText)

    package static let pigeons: Text = (
        LocalizedText("One pigeon too many", zh: "多出一只鸽子"),
        LocalizedText(
            "n + 1 pigeons fly into n holes. However they do it, two of them share a hole. Nobody has to know which hole: that "
                + "is the strength of the argument, and of every quorum.",
            zh: "n + 1 只鸽子飞进 n 个笼子。无论怎么飞，总有两只同笼。不必知道是哪个笼子——这正是这个论证的力量，也是一切法定人数的力量。")
    )
    package static let onePigeonEach: Text = (
        LocalizedText("As many pigeons as holes", zh: "鸽子与笼子一样多"),
        LocalizedText(
            "Take one pigeon away, and the claim is lost: they can sit one by one. The bound is exact.",
            zh: "少一只鸽子，断言就不成立了：它们可以一笼一只。这个界是精确的。")
    )
    package static let manyPigeons: Text = (
        LocalizedText("k n + 1 pigeons", zh: "kn + 1 只鸽子"),
        LocalizedText(
            "With k n + 1 pigeons some hole has k + 1: if each had at most k, there would be no more than k n.",
            zh: "有 kn + 1 只鸽子时，总有一个笼子里至少有 k + 1 只：要是每个笼子最多 k 只，总数就不会超过 kn。")
    )
    package static let manyPigeonsEven: Text = (
        LocalizedText("k n pigeons", zh: "kn 只鸽子"),
        LocalizedText("One less, and they can sit evenly.", zh: "少一只，它们就可以平均地坐开。")
    )
    package static let apples: Text = (
        LocalizedText("Red apples and green apples", zh: "红苹果与青苹果"),
        LocalizedText(
            "Of N apples W are red: the copies that a write has reached. Take R of them without looking. There are only N − W "
                + "green ones, so with R > N − W one of yours is red: the read sees the write, wherever it went.",
            zh: "N 个苹果里有 W 个红的：写入已经到达的副本。闭着眼拿 R 个。青苹果只有 N − W 个，所以只要 R > N − W，手里必有一个红的：不管写到了哪些副本，读都看得到。")
    )
    package static let tooFewApples: Text = (
        LocalizedText("One apple less", zh: "少拿一个"),
        LocalizedText(
            "With R = N − W it may happen that all of them are green: a stale read, without any fault.",
            zh: "若 R = N − W，就可能全是青的：没有任何故障，却读到了旧值。")
    )
    package static let majorities: Text = (
        LocalizedText("Two majorities", zh: "两个多数派"),
        LocalizedText(
            "Each has more than half, together more than all: some member is in both. It remembers the one decision when the "
                + "other is made; elections, Paxos, Raft and Zab stand on it.",
            zh: "各占一半以上，加起来就超过全体：必有一个成员两边都在。做第二个决定时，它还记得第一个。选举、Paxos、Raft、Zab 都立足于此。")
    )
    package static let halves: Text = (
        LocalizedText("Two halves", zh: "两个一半"),
        LocalizedText(
            "Half is not enough: two halves can miss each other, and each can elect a leader. Hence “more than half”, and "
                + "hence a fourth server makes nothing safer.",
            zh: "一半是不够的：两个一半可以毫不相干，各选各的领导者。所以必须“过半”，也所以第四台服务器并不能让系统更安全。")
    )
    package static let readsMeetWrites: Text = (
        LocalizedText("W + R > N", zh: "W + R > N"),
        LocalizedText(
            "Every set of W that was written, every set of R that is read. Choose your own numbers: --given N=5 --given W=3 "
                + "--given R=2, and look whether two sets miss each other.",
            zh: "所有可能写到的 W 个，所有可能读到的 R 个。自己选数试试：--given N=5 --given W=3 --given R=2，看有没有两个集合错过。")
    )
    package static let readsMissWrites: Text = (
        LocalizedText("W + R = N", zh: "W + R = N"),
        LocalizedText(
            "What was not written is just enough for a read. Faster and more available, and sometimes stale.",
            zh: "没写到的那些，刚好够读一次。更快、可用性更高，但有时会读到旧值。")
    )
    package static let writeAllReadOne: Text = (
        LocalizedText("W = N, R = 1", zh: "W = N，R = 1"),
        LocalizedText(
            "Write to all, read from any. Reads bear N − 1 failures, writes none.",
            zh: "写全部，读任意一个。读能容忍 N − 1 个故障，写一个也不能。")
    )
    package static let writesMissWrites: Text = (
        LocalizedText("Two writers who never meet", zh: "从不相遇的两个写者"),
        LocalizedText(
            "Reads of all copies see every write, also with W = 1. But two writes can go to different copies, and no copy "
                + "knows that there were two: 2 W > N, or versions that can be compared.",
            zh: "读遍所有副本，W = 1 的写入也看得到。可是两次写入可能落在不同的副本上，没有哪个副本知道写过两次：要么 2W > N，要么给版本排出先后。")
    )
    package static let weights: Text = (
        LocalizedText("Votes of different weight", zh: "票有轻重"),
        LocalizedText(
            "One member has several votes. More than half of the votes, instead of the members: the sets have different sizes "
                + "and still meet.",
            zh: "有一个成员的票更重。只看票数是否过半，不看人数：集合大小不一，却仍然两两相交。")
    )
    package static let grid: Text = (
        LocalizedText("Rows and columns", zh: "一行加一列"),
        LocalizedText(
            "Members stand in a square; a set is one whole row and one whole column. Any row meets any column: about 2√N members "
                + "do, where a majority needs N/2.",
            zh: "成员排成方阵，一个集合就是完整的一行加完整的一列。任何一行都与任何一列相交：大约 2√N 个成员就够，而多数派要 N/2 个。")
    )
    package static let hierarchy: Text = (
        LocalizedText("A majority of majorities", zh: "多数组中的多数"),
        LocalizedText(
            "Three groups of three: a majority in each of a majority of the groups. Four of nine are enough, less than half; and "
                + "not every four.",
            zh: "三组、每组三个：在过半的组里各取过半的成员。九个里有四个就够了，还不到一半；但不是随便四个都行。")
    )
    package static let sharedNodeDown: Text = (
        LocalizedText("The shared member is down", zh: "公共成员偏偏宕机"),
        LocalizedText(
            "Notes say that two majorities share a correct member. They share a member; if one may be down, two would have to be "
                + "shared, and they are not. So the member must remember over its crash, on disk.",
            zh: "讲义常说两个多数派有一个“正确的”公共成员。其实只保证有一个公共成员；如果允许一个宕机，就得共有两个，而这并不成立。所以成员必须把记忆写进磁盘，宕机后还记得。")
    )
    package static let byzantineQuorums: Text = (
        LocalizedText("A shared member that does not lie", zh: "不说谎的公共成员"),
        LocalizedText(
            "f members may lie. Sets of 2 f + 1 among 3 f + 1 share f + 1, and so at least one that tells the truth.",
            zh: "有 f 个成员可能说谎。3f + 1 个成员里取 2f + 1 个，两个集合至少共有 f + 1 个，其中必有一个说真话。")
    )
    package static let byzantineTooFew: Text = (
        LocalizedText("Only the liar is shared", zh: "只有骗子在两边"),
        LocalizedText(
            "With 3 f members a set can wait for no more than 2 f answers, for f may never come. Two such sets share f: all of "
                + "them may be liars, who tell each side something else.",
            zh: "只有 3f 个成员时，最多只能等 2f 个回答，因为 f 个可能永远不来。两个这样的集合可能只共有 f 个：也许全是骗子，对两边各说一套。")
    )
}
