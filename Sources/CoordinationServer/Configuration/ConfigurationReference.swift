package import Messages

/// The reference page of the configuration, made from the table that the server itself reads.
package enum ConfigurationReference {
    /// Markdown; the files `docs/configuration.md` and `docs/configuration.zh-CN.md` are exactly this.
    package static func page(in language: Language) -> String {
        let text = { (sentence: LocalizedText) in sentence.text(in: language) }
        var lines = [
            "# " + text(ConfigurationMessages.pageTitle), "", text(ConfigurationMessages.pageIntroduction), "",
        ]
        for section in ConfigurationKey.sections {
            lines += ["## " + text(section.title), ""]
            let honoured = section.keys.filter(\.isHonoured)
            if !honoured.isEmpty {
                let head = [ConfigurationMessages.key, .byDefault, .meaning].map(text)
                lines += [row(head), row(head.map { _ in "---" })]
                for key in honoured {
                    let value = key.defaultText.isEmpty ? "" : "`\(key.defaultText)`"
                    lines.append(row(["`\(key.name)`", value, text(key.explanation)]))
                }
                lines.append("")
            }
            lines += ignored(section.keys.filter { !$0.isHonoured }, in: language)
        }
        return lines.joined(separator: "\n")
    }

    /// One paragraph for each reason, with all its keys.
    private static func ignored(_ keys: [ConfigurationKey], in language: Language) -> [String] {
        var lines: [String] = []
        var rest = keys[...]
        while let reason = rest.first?.explanation {
            let names = rest.filter { $0.explanation == reason }.map { "`\($0.name)`" }.joined(separator: ", ")
            rest = rest.filter { $0.explanation != reason }[...]
            lines += [ConfigurationMessages.withoutEffect(names, reason: reason).text(in: language), ""]
        }
        return lines
    }

    private static func row(_ cells: [String]) -> String {
        let escaped = cells.map { cell in
            cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
        }
        return "| " + escaped.joined(separator: " | ") + " |"
    }
}

extension LocalizedText {
    fileprivate static let byDefault = ConfigurationMessages.byDefault
    fileprivate static let meaning = ConfigurationMessages.meaning
}
