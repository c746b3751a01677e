extension FigureTheme {
    /// CSS for the SVG: fonts by what is installed where it is shown, and the dark theme.
    package static let styleSheet: String = {
        let faces = "\"Noto Sans CJK SC\",\"Source Han Sans SC\",\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans\","
        var rules = ["\(scope) text{font-family:\(faces)Arial,sans-serif}"]
        let bold = Figure.Label.Style.allCases.filter(\.isBold).map { "\(scope) .\($0.rawValue) text" }
        rules.append("\(bold.joined(separator: ",")){font-weight:600}")
        rules.append("\(scope) .edge:hover path{stroke-width:3}")
        return rules.joined(separator: "\n") + "\n@media (prefers-color-scheme:dark){\n"
            + darkRules.map { $0 + "\n" }.joined() + "}\n"
    }()

    private static let scope = ".zoolab-figure"

    private static var darkRules: [String] {
        let paper = "#15181c"
        var rules = ["\(scope) .graph>polygon:first-of-type{fill:\(paper)}", "\(scope) text{fill:#e6e9ed}"]
        let lines: [(String, String)] = [
            ("delivered", "#56B4E9"), ("inFlight", "#56B4E9"), ("lost", "#ff8a3d"), ("cut", "#ff8a3d"),
            ("duplicate", "#e3a3c6"), ("up", "#7c848e"), ("down", "#5a626b"), ("paused", "#7c848e"),
            ("gap", "#5a626b"), ("connectionLoss", "#ff8a3d"), ("moment", "#e6e9ed"),
        ]
        for (name, color) in lines {
            let parts = ["path", "polyline", "polygon"].map { "\(scope) .edge.\(name) \($0)" }
            rules.append("\(parts.joined(separator: ",")){stroke:\(color)}")
        }
        for (name, color) in lines.prefix(5) where name != "inFlight" {
            rules.append("\(scope) .edge.\(name) polygon{fill:\(color)}")
        }
        let boxes: [(name: String, fill: String?, line: String?, text: String?)] = [
            ("message", paper, nil, "#a9d8f5"), ("lost", paper, nil, "#ffb27d"),
            ("badge", paper, "#e3a3c6", "#f0c3da"), ("lane", "#2a323c", "#8fa0b3", nil),
            ("laneAgain", "#1f252c", "#5a626b", "#aab2bc"), ("state", "#1e2a36", "#7f93a8", nil),
            ("stateBefore", "#1f252c", "#7f93a8", "#aab2bc"), ("note", "#3a341a", "#c9ad3c", nil),
            ("annotation", "#16303f", "#56B4E9", nil), ("violation", paper, "#ff6b6b", "#ff8f8f"),
            ("partition", paper, "#E69F00", "#f2c25c"), ("subtitle", nil, nil, "#aab2bc"),
            ("time", nil, nil, "#aab2bc"), ("gap", nil, nil, "#aab2bc"), ("legend", nil, nil, "#aab2bc"),
            ("side", nil, nil, "#cfd5dc"), ("halo", paper, nil, nil), ("watchSet", paper, "#56B4E9", nil),
            ("sessionExpire", paper, "#ff8a3d", "#ff8a3d"), ("checkBegin", paper, "#34c79b", nil),
            ("persist", paper, "#cfd5dc", nil), ("persisted", "#aab2bc", "#e6e9ed", nil),
            ("timerSet", paper, "#E69F00", nil), ("pause", "#aab2bc", "#aab2bc", nil),
            ("resume", "#aab2bc", "#aab2bc", nil), ("commit", nil, nil, "#ffffff"), ("abort", nil, nil, "#ffffff"),
            ("decision", nil, nil, "#ffffff"), ("phase", nil, nil, "#ffffff"), ("crash", nil, nil, "#ffffff"),
            ("skew", nil, nil, "#1b1f24"), ("interval", "#16303f", "#56B4E9", nil),
            ("openInterval", "#1f252c", "#7f93a8", "#aab2bc"), ("reasonInterval", "#3a341a", "#E69F00", nil),
            ("impossibleInterval", nil, "#ff8f8f", "#ffffff"),
        ]
        for box in boxes {
            let paint = (box.fill.map { "fill:\($0);" } ?? "") + (box.line.map { "stroke:\($0)" } ?? "")
            if !paint.isEmpty {
                let shapes = ["polygon", "path", "ellipse"].map { "\(scope) .node.\(box.name) \($0)" }
                rules.append("\(shapes.joined(separator: ",")){\(paint)}")
            }
            if let line = box.line { rules.append("\(scope) .node.\(box.name) polyline{stroke:\(line)}") }
            if let text = box.text { rules.append("\(scope) .node.\(box.name) text{fill:\(text)}") }
        }
        return rules
    }
}
