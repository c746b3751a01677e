/// Sentences about the atomic broadcast of an ensemble.
package enum ZabMessages {
    package static let title = LocalizedText(
        "Leader election and atomic broadcast (Zab)", zh: "领导者选举与原子广播（Zab）")

    /// Every phrase of what simulated servers say of themselves.
    package static let vocabulary = Vocabulary([
        .init("looking", zh: "选举中"), .init("leading epoch ", zh: "领导，纪元 "), .init("following ", zh: "跟随 "),
        .init("observing ", zh: "观察 "), .init(" epoch ", zh: "，纪元 "), .init(", log ", zh: "，日志 "),
        .init("empty", zh: "空"), .init(" follows ", zh: " 跟随 "), .init(" leads", zh: " 领导"), .init(" asks", zh: " 询问"),
        .init("accepted epoch ", zh: "已接受纪元 "), .init("current epoch ", zh: "当前纪元 "), .init("epoch known", zh: "纪元已知"),
        .init("epoch ", zh: "纪元 "), .init("log ", zh: "日志 "), .init("through ", zh: "至 "), .init("to ", zh: "至 "),
        .init(": no leader", zh: "：没有领导者"), .init("nothing", zh: "无"),
        .init("untimely message", zh: "不合时宜的消息"), .init("untimely proposal", zh: "不合时宜的提案"),
        .init("untimely commit", zh: "不合时宜的提交"), .init("untimely acknowledgement", zh: "不合时宜的确认"),
    ])

    package static let leadership = LocalizedText(
        "An epoch has at most one established leader", zh: "一个纪元最多只有一个就任的领导者")
    package static func twoLeaders(_ first: String, _ second: String, epoch: UInt32) -> LocalizedText {
        LocalizedText(
            "\(first) and \(second) both lead epoch \(epoch)", zh: "\(first) 与 \(second) 同时领导纪元 \(epoch)")
    }

    package static let prefixConsistency = LocalizedText(
        "What two serving servers have delivered is the same, as far as the shorter of the two goes",
        zh: "两台正在服务的服务器交付的内容，在较短的那一段上完全相同")
    package static func diverged(_ first: String, _ second: String, at zxid: String, other: String) -> LocalizedText {
        LocalizedText(
            "\(first) delivered \(zxid) where \(second) delivered \(other)",
            zh: "在同一位置，\(first) 交付了 \(zxid)，\(second) 交付了 \(other)")
    }

    package static let leaderCompleteness = LocalizedText(
        "A leader's log holds everything that was delivered in its epoch or before",
        zh: "领导者的日志包含其纪元及以前交付过的一切")
    package static func leaderLacks(_ leader: String, _ zxid: String, deliveredBy server: String) -> LocalizedText {
        LocalizedText(
            "the leader \(leader) has no \(zxid), which \(server) delivered",
            zh: "领导者 \(leader) 没有 \(zxid)，而 \(server) 已经交付了它")
    }

    package static let totalOrder = LocalizedText(
        "Every server delivers in the order of zxids, each one once", zh: "每台服务器按 zxid 的顺序交付，每条恰好一次")
    package static func outOfOrder(_ server: String, _ zxid: String, after previous: String) -> LocalizedText {
        LocalizedText(
            "\(server) delivered \(zxid) after \(previous)", zh: "\(server) 在 \(previous) 之后交付了 \(zxid)")
    }

    package static let agreement = LocalizedText(
        "One zxid is one transaction, whoever delivered it and whenever",
        zh: "一个 zxid 只对应一个事务，无论由谁、在何时交付")
    package static func disagreed(_ zxid: String, _ first: String, _ second: String) -> LocalizedText {
        LocalizedText(
            "\(zxid) was delivered as “\(first)” and as “\(second)”",
            zh: "\(zxid) 既被当作“\(first)”交付，又被当作“\(second)”交付")
    }

    package static let integrity = LocalizedText(
        "What is delivered was asked for, and is delivered under one zxid only",
        zh: "交付的都是客户端请求过的，且只以一个 zxid 交付")
    package static func deliveredTwice(_ payload: String, _ first: String, _ second: String) -> LocalizedText {
        LocalizedText(
            "“\(payload)” was delivered as \(first) and as \(second)",
            zh: "“\(payload)”先后以 \(first) 和 \(second) 交付")
    }
    package static func neverAsked(_ payload: String) -> LocalizedText {
        LocalizedText("“\(payload)” was delivered, and nobody had asked for it", zh: "“\(payload)”被交付了，却没有人请求过")
    }

    package static let leadershipOverTime = LocalizedText(
        "An epoch never has a second established leader, not even a later one",
        zh: "一个纪元不会先后有两个就任的领导者")

    package static let localPrimaryOrder = LocalizedText(
        "Whoever delivers a transaction has delivered everything that its leader proposed before it",
        zh: "交付某个事务的服务器，已交付其领导者在它之前提出的一切")
    package static func skipped(_ server: String, _ zxid: String, after previous: String) -> LocalizedText {
        LocalizedText(
            "\(server) delivered \(zxid) right after \(previous), and the same leader had proposed others before it",
            zh: "\(server) 在 \(previous) 之后紧接着交付了 \(zxid)，而同一领导者在它之前还提出过别的事务")
    }

    package static let globalPrimaryOrder = LocalizedText(
        "Transactions of earlier epochs are delivered before those of later ones",
        zh: "较早纪元的事务先于较晚纪元的事务交付")

    package static let processConsistency = LocalizedText(
        "A follower's log is the beginning of its leader's", zh: "跟随者的日志是其领导者日志的开头部分")
    package static func notOfItsLeader(_ follower: String, _ zxid: String, leader: String) -> LocalizedText {
        LocalizedText(
            "\(follower) follows \(leader), and has \(zxid) in its log where \(leader) has something else, or nothing",
            zh: "\(follower) 跟随 \(leader)，其日志中有 \(zxid)，而 \(leader) 在同一位置却是别的内容，或什么也没有")
    }

    package static let committedLogMonotonicity = LocalizedText(
        "What leaders have committed only grows, from one leader to the next",
        zh: "领导者已提交的内容只增不减，换了领导者也一样")
    package static func setBack(_ leader: String, epoch: UInt32, last: String, committed: String) -> LocalizedText {
        LocalizedText(
            "\(leader) began epoch \(epoch) with a history that ends at \(last), after \(committed) had been committed",
            zh: "\(leader) 开始纪元 \(epoch) 时，其历史止于 \(last)，而 \(committed) 此前已提交")
    }

    package static let shouldNotBeTriggered = LocalizedText(
        "Nobody is told what a sound server never says at that moment",
        zh: "没有服务器收到正确的服务器此时绝不会说的话")
    package static func offended(_ server: String, _ what: String) -> LocalizedText {
        LocalizedText(
            "\(server) was told what it never should be: \(what)",
            zh: "\(server) 收到了不该收到的内容：\(vocabulary.text(what, in: .chinese))")
    }

    package static let primaryIntegrity = LocalizedText(
        "A leader's history holds whatever is delivered of older epochs, before it proposes anything",
        zh: "领导者在提出任何事务之前，其历史已包含会被交付的一切旧纪元事务")
    package static func cameBack(_ zxid: String, epoch: UInt32, last: String) -> LocalizedText {
        LocalizedText(
            "\(zxid) was delivered, although epoch \(epoch) had begun with a history that ends at \(last)",
            zh: "\(zxid) 被交付了，但纪元 \(epoch) 开始时的历史止于 \(last)")
    }

    package static let durability = LocalizedText(
        "What was delivered once is in the state of every server in the end",
        zh: "交付过的内容，最终存在于每台服务器的状态之中")
    package static func lost(_ zxid: String, _ payload: String, on server: String) -> LocalizedText {
        LocalizedText(
            "\(zxid) “\(payload)” was delivered, and is missing on \(server) in the end",
            zh: "\(zxid)“\(payload)”曾被交付，最终却不在 \(server) 上")
    }

    package static let liveness = LocalizedText(
        "When everything is mended, one server leads and all the others are with it",
        zh: "一切修复之后，有一台服务器领导，其余都跟随它")
    package static func noLeader(_ states: String) -> LocalizedText {
        LocalizedText(
            "everything is mended, and still there is no leader that all follow: \(states)",
            zh: "一切都已修复，却仍没有众人跟随的领导者：\(states)")
    }
}
