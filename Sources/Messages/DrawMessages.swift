/// Sentences of `zoolab draw` and of everything else that writes pictures.
public enum DrawMessages {
    public static func missingFormat(_ format: String) -> LocalizedText {
        let name = format.uppercased()
        return LocalizedText(
            "Graphviz cannot write \(name) here: its Cairo and Pango plugin is missing. Install it (Debian, Ubuntu: "
                + "‘apt install graphviz’; Fedora: ‘dnf install graphviz’; macOS: ‘brew install graphviz’), "
                + "or draw .svg, .dot or .txt, which need no plugin.",
            zh: "这里的 Graphviz 不能输出 \(name)：缺少 Cairo 和 Pango 插件。请安装（Debian、Ubuntu：apt install graphviz；"
                + "Fedora：dnf install graphviz；macOS：brew install graphviz），或改画不需要插件的 .svg、.dot、.txt。")
    }
    public static let missingLayout = LocalizedText(
        "Graphviz's plugins are missing, so it can draw no picture. Install it (Debian, Ubuntu: ‘apt install graphviz’; "
            + "Fedora: ‘dnf install graphviz’; macOS: ‘brew install graphviz’), or draw .dot or .txt.",
        zh: "Graphviz 的插件缺失，无法画图。请安装（Debian、Ubuntu：apt install graphviz；Fedora：dnf install graphviz；"
            + "macOS：brew install graphviz），或改画 .dot、.txt。")
    public static func rendererFailed(_ words: String) -> LocalizedText {
        LocalizedText(
            "Graphviz gave up: \(words) Draw .dot or .txt instead, and please report this.",
            zh: "Graphviz 出错：\(words) 请先改画 .dot 或 .txt，并报告这个问题。")
    }
    public static func tooWide(pixels: Int, limit: Int) -> LocalizedText {
        LocalizedText(
            "The picture would be \(pixels) pixels wide, and a PNG holds \(limit). Draw .svg instead.",
            zh: "图片宽度将达到 \(pixels) 像素，而 PNG 最多容纳 \(limit) 像素。请改画 .svg。")
    }
    public static func unknownFormat(_ path: String, _ formats: [String]) -> LocalizedText {
        LocalizedText(
            "‘\(path)’ does not say what to draw. Its name must end in one of " + formats.joined(separator: ", ") + ".",
            zh: "从“\(path)”看不出要画成什么格式。文件名的后缀应为 " + formats.joined(separator: "、") + " 之一。")
    }
    public static func wrote(_ path: String) -> LocalizedText {
        LocalizedText("Wrote \(path).", zh: "已写入 \(path)。")
    }
    public static func paged(_ pages: Int, format: String) -> LocalizedText {
        LocalizedText(
            "The run is longer than one \(format.uppercased()) page, so it fills \(pages) files:",
            zh: "这次运行超出了一页 \(format.uppercased()) 的长度，分成了 \(pages) 个文件：")
    }
    public static let needsTrace = LocalizedText(
        "draw needs a trace file: zoolab draw TRACE -o FILE.svg", zh: "draw 需要一个轨迹文件：zoolab draw 轨迹 -o 文件.svg")
    public static func unknownOrder(_ text: String) -> LocalizedText {
        LocalizedText("--order takes time or events, not ‘\(text)’.", zh: "--order 只能是 time 或 events，不能是“\(text)”。")
    }
    public static let summary = LocalizedText("draw a run as a message-sequence diagram", zh: "把一次运行画成消息时序图")
    public static let help = LocalizedText(
        """
        usage: zoolab draw TRACE [-o FILE.{svg,png,pdf,dot,txt}] [options]

        Draws a recorded run as a message-sequence diagram. Without -o the picture is text, here in the terminal.

        options:
          -o FILE          what to write; the end of its name says in which format
          --order time     the vertical axis is real time; idle stretches are shortened and marked (default)
          --order events   one row for each event
          --page POINTS    cut the picture into pages at most this tall (72 points are an inch): FILE-1, FILE-2, …
          --width COLUMNS  width of a picture as text (default: the terminal's)
          --lang en|zh     language of captions and legend

        A PNG taller than 32767 pixels or a PDF taller than 200 inches is cut into pages by itself; SVG never is.
        Labels that find no room become numbers explained below the picture; in an SVG, point at an arrow for its text.

        examples:
          zoolab run two-phase-commit --trace run.jsonl
          zoolab draw run.jsonl
          zoolab draw run.jsonl -o run.svg --lang zh
          zoolab draw run.jsonl -o slide.png --order events --page 500
        """,
        zh: """
            用法：zoolab draw 轨迹 [-o 文件.{svg,png,pdf,dot,txt}] [选项]

            把一次运行的记录画成消息时序图。不写 -o 时，直接在终端里用文字画出来。

            选项：
              -o 文件          输出文件，格式由后缀决定
              --order time     纵轴为真实时间，空闲时段会被压缩并标出（默认）
              --order events   每个事件占一行
              --page 点数      把图切成不超过这个高度的若干页（72 点为一英寸）：文件-1、文件-2……
              --width 列数     文字图的宽度（默认与终端同宽）
              --lang en|zh     图注和图例的语言

            超过 32767 像素高的 PNG、超过 200 英寸高的 PDF 会自动分页，SVG 不分页。
            放不下的标签会换成编号，并在图下方注明；在 SVG 中把鼠标移到箭头上可看到全文。

            示例：
              zoolab run two-phase-commit --trace run.jsonl
              zoolab draw run.jsonl
              zoolab draw run.jsonl -o run.svg --lang zh
              zoolab draw run.jsonl -o slide.png --order events --page 500
            """)
}
