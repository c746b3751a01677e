/// Sentences about the models by whose published state counts the explorer is judged.
public enum PublishedModelMessages {
    public static let agreement = LocalizedText(
        "Nobody commits what somebody else aborts, and no two values are chosen.", zh: "不会有人提交而另有人中止，也不会选出两个值。")
    public static func managers(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) managers", zh: "\(count) 个资源管理器")
    }
    public static func participants(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) participants", zh: "\(count) 个参与者")
    }
    public static func ballots(_ count: Int) -> LocalizedText {
        LocalizedText("3 acceptors, \(count) ballots", zh: "3 个接受者，\(count) 轮投票")
    }
    public static func symmetric(_ size: LocalizedText) -> LocalizedText {
        LocalizedText("\(size.english), symmetric", zh: "\(size.chinese)，对称")
    }

    public static func unknownModel(_ name: String, known: [String]) -> LocalizedText {
        LocalizedText(
            "There is no published model called ‘\(name)’; there are \(known.joined(separator: ", ")).",
            zh: "没有名为“\(name)”的公开模型。现有：\(known.joined(separator: "、"))。")
    }
    public static let columns: [LocalizedText] = [
        LocalizedText("model", zh: "模型"), LocalizedText("published by", zh: "出处"),
        LocalizedText("states", zh: "状态"),
        LocalizedText("generated", zh: "生成"), LocalizedText("depth", zh: "深度"),
        LocalizedText("a second", zh: "每秒"),
    ]
    public static let title = LocalizedText(
        "Ours = published. Of symmetric models, states that differ in names only count once.",
        zh: "左边是我们的，右边是公布的（标“对称”的模型，只有名字不同的状态只算一个）。")
    public static let formula = LocalizedText("closed form", zh: "公式")
    public static func broken(steps: Int) -> LocalizedText {
        LocalizedText("wrong in \(steps) events", zh: "\(steps) 个事件出错")
    }
    public static let allEqual = LocalizedText(
        "The explorer counts what others have published. Models: docs/adr/0025-searching-schedules.md.",
        zh: "搜索器数出来的与别人公布的一致。模型见 docs/adr/0025-searching-schedules.md。")
    public static let notAllEqual = LocalizedText(
        "The explorer counts something else than others have published: it, or a model, is wrong.",
        zh: "搜索器数出来的与别人公布的不一致：不是搜索器有错，就是模型有错。")
}
