/// Colours, strokes and shapes of figures, and the style sheet that turns them dark.
///
/// The palette is Okabe and Ito's, made for all kinds of colour vision; whatever a colour says, a dash, a shape or a
/// word says too.
package enum FigureTheme {
    static let font = "Noto Sans CJK SC"
    static let boldFont = "Noto Sans CJK SC Bold"

    enum Ink {
        static let text = "#1b1f24"
        static let soft = "#565d66"
        static let blue = "#0072B2"
        static let sky = "#56B4E9"
        static let green = "#009E73"
        static let orange = "#E69F00"
        static let vermillion = "#D55E00"
        static let purple = "#CC79A7"
        static let yellow = "#F0E442"
        static let red = "#C1121F"
        static let grey = "#8a919b"
        static let pale = "#b4bac2"
        static let paper = "#ffffff"
        static let none = "#ffffff00"
    }

    struct Line {
        var color: String
        var width: Double
        var dash = "solid"
    }

    static let stroke = Line(color: Ink.vermillion, width: 2.6)

    static func look(of style: Figure.Segment.Style) -> Line {
        switch style {
        case .up: Line(color: Ink.grey, width: 1.3)
        case .down: Line(color: Ink.grey, width: 1.3, dash: "dashed")
        case .paused: Line(color: Ink.grey, width: 1.8, dash: "dotted")
        case .gap: Line(color: Ink.grey, width: 2.2, dash: "dotted")
        case .writing: Line(color: Ink.orange + "99", width: 5)
        case .operation: Line(color: Ink.sky + "66", width: 9)
        case .moment: Line(color: Ink.text, width: 1.8)
        }
    }

    static func look(of style: Figure.Arrow.Style) -> Line {
        switch style {
        case .delivered: Line(color: Ink.blue, width: 1.5)
        case .lost, .cut: Line(color: Ink.vermillion, width: 1.5)
        case .duplicate: Line(color: Ink.purple, width: 1.5, dash: "dashed")
        case .inFlight: Line(color: Ink.blue, width: 1.5, dash: "dotted")
        }
    }

    /// Graphviz's name of an arrow head, its scale, and how long it is in points.
    static func shape(of head: Figure.Arrow.Head) -> (name: String, scale: Double, length: Double) {
        switch head {
        case .arrow: ("normal", 0.75, 7.5)
        case .open: ("vee", 0.75, 7.5)
        case .bar: ("tee", 1.5, 1.9)
        case .none: ("none", 1, 0)
        }
    }

    static func look(of style: Figure.Band.Style) -> (fill: String, line: String, dash: String) {
        switch style {
        case .partition(let group):
            let tints = [Ink.sky, Ink.orange, Ink.green, Ink.purple, Ink.yellow]
            let tint = tints[group % tints.count]
            return (tint + "29", tint + "aa", "dashed")
        case .phase: return ("#8a919b12", Ink.pale, "solid")
        case .violation: return (Ink.red + "14", Ink.red, "setlinewidth(2)")
        }
    }

    struct LabelLook {
        var shape = "box"
        var nodeStyle = "filled"
        var fill = Ink.none
        var line = Ink.none
        var text = Ink.text
        var lineWidth = 1.0
    }

    static func look(of style: Figure.Label.Style) -> LabelLook {
        switch style {
        case .title: LabelLook(shape: "plaintext", nodeStyle: "solid")
        case .subtitle, .time, .gap, .legend: LabelLook(shape: "plaintext", nodeStyle: "solid", text: Ink.soft)
        case .lane: LabelLook(nodeStyle: "rounded,filled", fill: "#e8edf3", line: "#4c5a6b", lineWidth: 1.4)
        case .laneAgain: LabelLook(nodeStyle: "rounded,filled", fill: "#f4f6f8", line: Ink.pale, text: Ink.soft)
        case .message: LabelLook(shape: "plaintext", fill: Ink.paper, text: "#0b4f7d")
        case .lost: LabelLook(shape: "plaintext", fill: Ink.paper, text: "#a34700")
        case .badge: LabelLook(nodeStyle: "rounded,filled", fill: Ink.paper, line: "#8c3f6a", text: "#8c3f6a")
        case .state: LabelLook(nodeStyle: "rounded,filled", fill: "#eef4fa", line: "#7f93a8")
        case .stateBefore:
            LabelLook(nodeStyle: "rounded,filled,dashed", fill: "#f4f6f8", line: "#7f93a8", text: Ink.soft)
        case .side: LabelLook(shape: "plaintext", nodeStyle: "solid", text: "#3a4048")
        case .note: LabelLook(shape: "note", fill: "#fff8d9", line: "#a58b1e")
        case .annotation: LabelLook(shape: "note", fill: "#e6f3fb", line: Ink.blue)
        case .commit: LabelLook(nodeStyle: "rounded,filled", fill: "#00805d", line: "#00573f", text: "#ffffff")
        case .abort: LabelLook(nodeStyle: "filled", fill: "#b84f00", line: "#7d3600", text: "#ffffff")
        case .decision: LabelLook(nodeStyle: "rounded,filled", fill: Ink.blue, line: "#004a75", text: "#ffffff")
        case .violation: LabelLook(fill: Ink.paper, line: Ink.red, text: Ink.red, lineWidth: 2)
        case .phase: LabelLook(nodeStyle: "filled", fill: "#5d6773", line: "#5d6773", text: "#ffffff")
        case .partition: LabelLook(nodeStyle: "filled", fill: Ink.paper, line: "#9c6c00", text: "#6e4c00")
        case .interval: LabelLook(nodeStyle: "rounded,filled", fill: "#e6f3fb", line: Ink.blue)
        case .openInterval: LabelLook(nodeStyle: "rounded,filled,dashed", fill: "#f4f6f8", line: "#7f93a8")
        case .reasonInterval: LabelLook(nodeStyle: "rounded,filled", fill: "#fdf1d6", line: "#9c6c00", lineWidth: 1.8)
        case .impossibleInterval: LabelLook(fill: Ink.red, line: "#7d0b14", text: "#ffffff", lineWidth: 2.4)
        }
    }

    struct Shape {
        var name: String
        var width: Double
        var height: Double
        var x = 0.0
        var y = 0.0
        var fill: String
        var line: String
        var lineWidth = 1.3
        var turn = 0
        var text = ""
        var fontSize = 10.0
    }

    /// The nodes that make up a sign, lowest first; signs made of strokes have none.
    static func shapes(of kind: Figure.Glyph.Kind) -> [Shape] {
        func hourglass(fill: String) -> [Shape] {
            [
                Shape(name: "invtriangle", width: 11, height: 7, y: -3.2, fill: fill, line: "#8a5f00"),
                Shape(name: "triangle", width: 11, height: 7, y: 3.2, fill: fill, line: "#8a5f00"),
            ]
        }
        func one(
            _ name: String, _ width: Double, _ height: Double, fill: String, line: String, turn: Int = 0,
            text: String = "", fontSize: Double = 10
        ) -> [Shape] {
            [
                Shape(
                    name: name, width: width, height: height, fill: fill, line: line, turn: turn, text: text,
                    fontSize: fontSize)
            ]
        }
        switch kind {
        case .lost, .connectionLoss: return []
        case .crash:
            return one("octagon", 17, 17, fill: Ink.red, line: Ink.red, text: "×", fontSize: 17)
        case .restart: return one("triangle", 15, 13, fill: Ink.green, line: Ink.green)
        case .pause:
            return [-3.0, 3].map {
                Shape(name: "box", width: 3.4, height: 12, x: $0, fill: Ink.soft, line: Ink.soft, lineWidth: 0)
            }
        case .resume: return one("triangle", 13, 12, fill: Ink.soft, line: Ink.soft, turn: 270)
        case .skew:
            return one("circle", 13, 13, fill: Ink.yellow, line: "#5c5600") + [
                Shape(name: "box", width: 1.2, height: 4.6, y: -2.2, fill: "#5c5600", line: "#5c5600", lineWidth: 0.4),
                Shape(name: "box", width: 3.8, height: 1.2, x: 1.7, fill: "#5c5600", line: "#5c5600", lineWidth: 0.4),
            ]
        case .timerSet: return hourglass(fill: Ink.paper)
        case .timerFire: return hourglass(fill: Ink.orange)
        case .persist: return one("cylinder", 11, 13, fill: Ink.paper, line: "#3a4048")
        case .persisted: return one("cylinder", 11, 13, fill: "#5d6773", line: "#1b1f24")
        case .sessionOpen: return one("circle", 11, 11, fill: Ink.green, line: Ink.green)
        case .sessionExpire:
            return one("circle", 13, 13, fill: Ink.paper, line: Ink.vermillion, text: "×", fontSize: 12)
        case .watchSet:
            return one("ellipse", 14, 9, fill: Ink.paper, line: Ink.blue)
                + one("circle", 4, 4, fill: Ink.blue, line: Ink.blue)
        case .watchFire:
            return one("ellipse", 14, 9, fill: Ink.orange, line: "#8a5f00")
                + one("circle", 4, 4, fill: Ink.text, line: Ink.text)
        case .checkBegin: return one("box", 8, 8, fill: Ink.paper, line: Ink.green)
        case .checkEnd: return one("box", 8, 8, fill: Ink.green, line: Ink.green)
        case .call, .answer: return one("circle", 7, 7, fill: Ink.blue, line: Ink.blue)
        case .dot: return one("circle", 6, 6, fill: Ink.grey, line: Ink.grey)
        }
    }
}
