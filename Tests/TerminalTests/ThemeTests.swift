import Terminal
import Testing

struct ThemeTests {
    @Test(
        arguments: [
            ([:], true, Theme.dark), ([:], false, .plain),
            (["COLORFGBG": "0;15"], true, .light), (["COLORFGBG": "15;default;0"], true, .dark),
            (["COLORFGBG": "0;7"], true, .light), (["COLORFGBG": "nonsense"], true, .dark),
            (["COLORFGBG": "0;15", "ZOOLAB_THEME": "dark"], true, .dark), (["ZOOLAB_THEME": "light"], true, .light),
            (["ZOOLAB_THEME": "purple"], true, .dark), (["ZOOLAB_THEME": "light"], false, .plain),
        ] as [([String: String], Bool, Theme)])
    func `the theme follows environment and terminal`(environment: [String: String], usesColor: Bool, theme: Theme) {
        #expect(Theme.detect(environment: environment, usesColor: usesColor) == theme)
    }

    @Test func `escape sequences are closed, and absent without a theme`() {
        let line = StyledLine([Span("a"), Span("b", TextStyle(.bad, bold: true), link: "https://x")])
        #expect(Theme.plain.render(line) == "ab")
        #expect(
            Theme.dark.render(line)
                == "a\u{1B}]8;;https://x\u{1B}\\\u{1B}[1;38;5;210mb\u{1B}[0m\u{1B}]8;;\u{1B}\\")
        for role in TextStyle.Role.allCases {
            let span = StyledLine("x", TextStyle(role))
            #expect(Theme.light.render(span) != Theme.dark.render(span))
        }
    }

    @Test(arguments: [
        (0, 10, "░░░░░"), (1, 10, "█░░░░"), (5, 10, "███░░"), (9, 10, "████░"), (10, 10, "█████"),
        (0, 0, "░░░░░"), (20, 10, "█████"),
    ])
    func `a progress bar is full only at the end`(done: Int, total: Int, bar: String) {
        #expect(ProgressBar.line(done: done, total: total, width: 5).text == bar)
    }
}
