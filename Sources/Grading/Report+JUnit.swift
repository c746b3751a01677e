import Foundation
package import Messages

/// Several reports in the formats that hold a whole class.
package enum ClassReport {
    /// The common subset of JUnit's XML: one suite a submission, one case a check.
    package static func junit(_ reports: [SubmissionReport], in language: Language) -> String {
        let cases = reports.flatMap(\.checks)
        func count(_ status: CheckReport.Status) -> Int { cases.count { $0.status == status } }
        let broken = reports.count { $0.problem != nil || $0.judgeFailure != nil }
        let total = cases.reduce(0) { $0 + $1.seconds }
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append(
            "<testsuites name=\"zoolab\" tests=\"\(cases.count + broken)\" failures=\"\(count(.failed))\" "
                + "errors=\"\(count(.judgeFailed) + count(.unknown) + broken)\" skipped=\"\(count(.skipped))\" time=\"\(decimal(total))\">"
        )
        for report in reports { lines += suite(report, in: language) }
        return (lines + ["</testsuites>", ""]).joined(separator: "\n")
    }

    private static func suite(_ report: SubmissionReport, in language: Language) -> [String] {
        let trouble = report.problem ?? report.judgeFailure
        func count(_ status: CheckReport.Status) -> Int { report.checks.count { $0.status == status } }
        let time = report.checks.reduce(0) { $0 + $1.seconds }
        var lines = [
            "  <testsuite name=\"\(escaped(report.name))\" tests=\"\(report.checks.count + (trouble == nil ? 0 : 1))\" "
                + "failures=\"\(count(.failed))\" errors=\"\(count(.judgeFailed) + count(.unknown) + (trouble == nil ? 0 : 1))\" "
                + "skipped=\"\(count(.skipped))\" time=\"\(decimal(time))\">",
            "    <properties>",
            property("points", String(report.earned)), property("max_points", String(report.possible)),
            property("seed", String(report.seed)), property("sandbox", report.sandbox.rawValue),
            "    </properties>",
        ]
        if let trouble {
            let kind = report.problem == nil ? "judge" : "submission"
            lines.append("    <testcase name=\"submission\" classname=\"\(escaped(report.name))\" time=\"0\">")
            lines.append(
                "      <error message=\"\(escaped(trouble.text(in: language)))\" type=\"\(kind)\"/>")
            lines.append("    </testcase>")
        }
        for check in report.checks { lines += testCase(check, of: report, in: language) }
        return lines + ["  </testsuite>"]
    }

    private static func testCase(
        _ check: CheckReport, of report: SubmissionReport, in language: Language
    ) -> [String] {
        let head =
            "    <testcase name=\"\(check.rule.rawValue)\" classname=\"\(escaped(report.exercise ?? report.name))\" "
            + "time=\"\(decimal(check.seconds))\""
        let message = escaped(check.happened.text(in: language))
        switch check.status {
        case .passed: return [head + "/>"]
        case .skipped: return [head + ">", "      <skipped message=\"\(message)\"/>", "    </testcase>"]
        case .judgeFailed:
            return [head + ">", "      <error message=\"\(message)\" type=\"judge\"/>", "    </testcase>"]
        case .unknown:
            return [head + ">", "      <error message=\"\(message)\" type=\"busy\"/>", "    </testcase>"]
        case .failed:
            let body = [check.expected.text(in: language), check.rule.rationale.text(in: language), check.replay]
            return [
                head + ">", "      <failure message=\"\(message)\" type=\"\(check.rule.rawValue)\">",
                escaped(body.joined(separator: "\n")), "      </failure>", "    </testcase>",
            ]
        }
    }

    private static func property(_ name: String, _ value: String) -> String {
        "      <property name=\"\(name)\" value=\"\(escaped(value))\"/>"
    }

    private static func decimal(_ seconds: Double) -> String { String(format: "%.2f", seconds) }

    /// XML text; characters that XML 1.0 forbids become U+FFFD.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t", "\r": result += "&#\(scalar.value);"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// One row a submission, for a spreadsheet: name, exercise, points, then each rule's points or why there are none.
    package static func csv(_ reports: [SubmissionReport], in language: Language) -> String {
        let rules = RuleID.allCases.filter { rule in reports.contains { $0.checks.contains { $0.rule == rule } } }
        var lines = [
            (["submission", "exercise", "points", "max_points", "problem"] + rules.map(\.rawValue)).joined(
                separator: ",")
        ]
        for report in reports {
            let problem = report.problem ?? report.judgeFailure.map(GradingMessages.judgeFailed)
            let columns =
                [
                    report.name, report.exercise ?? "",
                    report.judgeFailure == nil && !report.isUndecided ? String(report.earned) : "",
                    String(report.possible), problem?.text(in: language) ?? "",
                ]
                + rules.map { rule in
                    guard let check = report.checks.first(where: { $0.rule == rule }) else { return "" }
                    return check.status == .passed || check.status == .failed
                        ? String(check.earned) : check.status.rawValue
                }
            lines.append(columns.map(quoted).joined(separator: ","))
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// A CSV cell; one that a spreadsheet would take for a formula gets an apostrophe.
    private static func quoted(_ cell: String) -> String {
        let safe = cell.first.map { "=+-@".contains($0) } == true ? "'" + cell : cell
        guard safe.contains(where: { ",\"\r\n".contains($0) }) else { return safe }
        return "\"" + safe.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
