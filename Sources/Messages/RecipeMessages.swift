/// Sentences about recipes that could not be carried on.
public enum RecipeMessages {
    public static func placeLost(_ path: String) -> LocalizedText {
        LocalizedText(
            "The node \(path), this program's place in the queue, is gone: somebody deleted it. Take a new place.",
            zh: "节点 \(path)（本程序在队列中的位置）被人删除了。请重新排队。")
    }
    public static func nameTaken(_ path: String) -> LocalizedText {
        LocalizedText(
            "Another session holds \(path). Choose another name, or wait until that session has ended.",
            zh: "\(path) 已被另一个会话占用。请换一个名字，或等那个会话结束。")
    }
    public static func notANumber(_ path: String) -> LocalizedText {
        LocalizedText(
            "The data of \(path) is no whole number, so nothing can be added to it. Is it another program's node?",
            zh: "\(path) 的数据不是整数，无法做加法。它是不是别的程序的节点？")
    }
    public static func notAnInstance(_ path: String) -> LocalizedText {
        LocalizedText(
            "The data of \(path) does not describe an instance of a service. Is it another program's node?",
            zh: "\(path) 的数据描述的不是服务实例。它是不是别的程序的节点？")
    }
}
