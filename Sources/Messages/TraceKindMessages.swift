/// What each kind of trace event tells, for the reference page.
public enum TraceKindMessages {
    public static let send = LocalizedText("A message leaves.", zh: "发出一条消息。")
    public static let receive = LocalizedText("It arrives.", zh: "消息到达。")
    public static let drop = LocalizedText(
        "It is lost; node is the receiver it never reached, payload why.", zh: "消息丢失；node 是没有收到它的接收方，payload 是原因。")
    public static let duplicate = LocalizedText("A second copy is on its way.", zh: "多出一份副本。")
    public static let timerSet = LocalizedText("A timer is set; label is its name.", zh: "设定定时器；label 是它的名字。")
    public static let timerFire = LocalizedText("It fires.", zh: "定时器触发。")
    public static let persist = LocalizedText(
        "A record is to be written; label is its name.", zh: "请求写入一条记录；label 是它的名字。")
    public static let persisted = LocalizedText("It is on disk.", zh: "记录已落盘。")
    public static let crash = LocalizedText("The node stops; payload is what it lost.", zh: "节点宕机；payload 是它丢失的内容。")
    public static let restart = LocalizedText("It runs again; label is what it recovered.", zh: "节点重启；label 是它恢复的内容。")
    public static let pause = LocalizedText("The node stands still.", zh: "节点暂停。")
    public static let resume = LocalizedText("It goes on.", zh: "节点继续。")
    public static let skew = LocalizedText("Its clock jumps; label is by how much.", zh: "节点时钟跳变；label 是跳变量。")
    public static let partition = LocalizedText(
        "Links are cut; label is the groups (A,B|C) or the direction (A>B).", zh: "链路断开；label 是分组（A,B|C）或方向（A>B）。")
    public static let heal = LocalizedText("All links work again.", zh: "所有链路恢复。")
    public static let invoke = LocalizedText("Somebody asks the node for something.", zh: "有人向节点提出请求。")
    public static let respond = LocalizedText("The answer, with the id of its invoke.", zh: "对请求的答复，id 与 invoke 相同。")
    public static let state = LocalizedText("The node's state, in a few words.", zh: "节点的状态，几个词。")
    public static let phase = LocalizedText("A phase of the protocol; label is its name.", zh: "协议的一个阶段；label 是它的名字。")
    public static let decide = LocalizedText(
        "Something is final; label is the outcome, payload what it is about.", zh: "某件事有了定论；label 是结果，payload 是对象。")
    public static let note = LocalizedText("A remark.", zh: "一条说明。")
    public static let session = LocalizedText(
        "A session of the coordination server; id is its name.", zh: "协调服务的会话；id 是它的名字。")
    public static let watch = LocalizedText("A watch; label is the path.", zh: "监视点；label 是路径。")
    public static let connectionLoss = LocalizedText(
        "A connection to the coordination server breaks.", zh: "与协调服务的连接断开。")
    public static let check = LocalizedText("A check; label is its name.", zh: "一项检查；label 是它的名字。")
    public static let violation = LocalizedText(
        "A promise is broken; label is its name, payload how.", zh: "违反了某个性质；label 是它的名字，payload 是具体情况。")
}
