/// The colours of a terminal with a dark or a light background, or none at all.
package enum Theme: String, CaseIterable, Sendable {
    case plain, dark, light

    /// Chooses by `ZOOLAB_THEME`, else by the background that `COLORFGBG` names, else dark.
    ///
    /// - Parameter usesColor: false for a non-terminal, `NO_COLOR` or a dumb terminal; gives `plain`.
    package static func detect(environment: [String: String], usesColor: Bool) -> Theme {
        guard usesColor else { return .plain }
        if let wanted = environment["ZOOLAB_THEME"].flatMap(Theme.init) { return wanted }
        // "foreground;background" or "foreground;default;background", as palette numbers.
        if let background = environment["COLORFGBG"]?.split(separator: ";").last.flatMap({ Int($0) }) {
            return background == 7 || (9...15).contains(background) ? .light : .dark
        }
        return .dark
    }

    /// The line as the terminal wants it: escape sequences around what is styled, all closed at its end.
    package func render(_ line: StyledLine) -> String {
        guard self != .plain else { return line.text }
        return line.spans.map(render).joined()
    }

    package func render(_ lines: [StyledLine]) -> String {
        lines.map { render($0) + "\n" }.joined()
    }

    private func render(_ span: Span) -> String {
        var text = span.text
        let codes = codes(of: span.style)
        if !codes.isEmpty { text = "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m" }
        if let link = span.link { text = "\u{1B}]8;;\(link)\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\" }
        return text
    }

    /// Parameters of "select graphic rendition" (ECMA-48, 8.3.117).
    private func codes(of style: TextStyle) -> [String] {
        var codes: [String] = []
        if style.isBold { codes.append("1") }
        if style.isItalic { codes.append("3") }
        if style.isUnderlined { codes.append("4") }
        if style.isStruck { codes.append("9") }
        if let role = style.role { codes.append("38;5;\(color(of: role))") }
        return codes
    }

    /// Numbers of the fixed part of the 256-colour palette, which users' colour schemes leave alone; each has a contrast
    /// of at least 4.5 to 1 with the background it is for.
    private func color(of role: TextStyle.Role) -> Int {
        let isLight = self == .light
        return switch role {
        case .heading: isLight ? 25 : 117
        case .code: isLight ? 94 : 222
        case .link: isLight ? 26 : 111
        case .quiet: isLight ? 241 : 246
        case .good: isLight ? 22 : 114
        case .bad: isLight ? 124 : 210
        case .warning: isLight ? 94 : 221
        case .accent: isLight ? 90 : 183
        }
    }
}
