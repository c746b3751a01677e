/// Sentences of the simulator, as traces and errors carry them.
public enum SimulatorMessages {
    public static func recordsLost(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) unsynced \(count == 1 ? "record" : "records") lost", zh: "丢失 \(count) 条未落盘的记录")
    }
    public static func recovered(_ count: Int) -> LocalizedText {
        LocalizedText("recovered \(count) \(count == 1 ? "record" : "records")", zh: "从磁盘恢复 \(count) 条记录")
    }
    public static let lostDropped = LocalizedText("lost: dropped by a fault", zh: "丢失：被故障丢弃")
    public static let lostLinkCut = LocalizedText("lost: the link is cut", zh: "丢失：链路已断开")
    public static let lostNodeDown = LocalizedText("lost: the receiver is down", zh: "丢失：接收方已宕机")
    public static func unknownNode(_ name: String, in fault: String, known: [String]) -> LocalizedText {
        LocalizedText(
            "The fault ‘\(fault)’ names ‘\(name)’, but the nodes of this run are \(known.joined(separator: ", ")).",
            zh: "故障“\(fault)”里的节点“\(name)”不存在；本次运行的节点是 \(known.joined(separator: "、"))。")
    }
    public static func needsSessions(_ fault: String) -> LocalizedText {
        LocalizedText(
            "The fault ‘\(fault)’ needs a coordination server: simulated protocols have no sessions. Take it out.",
            zh: "故障“\(fault)”只适用于协调服务：模拟的协议没有会话，请去掉它。")
    }
}
