import Bytes
package import CommandLines
import CoordinationServer
import Foundation
package import Messages
import StateMachines
import TransactionLog
import WireProtocol
import ZNodes

/// `zoolab log`: looks into transaction logs, and mends them.
package struct LogCommand: Command {
    package static let name = "log"
    package static var summary: LocalizedText { LogCommandMessages.summary }
    package static var help: LocalizedText { LogCommandMessages.help }

    private enum Action: String, CaseIterable { case dump, verify, chop, truncate, recover }

    private let action: Action
    private let files: [String]
    private let from: Zxid?
    private let to: Zxid?
    private let output: String?
    private let isInPlace: Bool
    private let showsData: Bool
    private let isJSON: Bool

    package init(_ arguments: inout ArgumentReader) throws {
        from = try arguments.option("--from").map(Self.zxid)
        to = try arguments.option("--to", "--zxid").map(Self.zxid)
        output = try arguments.option("-o", "--output")
        isInPlace = arguments.flag("--in-place")
        showsData = arguments.flag("--data")
        isJSON = arguments.flag("--json")
        action = try arguments.action(
            missing: LogCommandMessages.needsAction, unknown: LogCommandMessages.unknownAction)
        files = arguments.positionals()
        guard !files.isEmpty else { throw UsageError(LogCommandMessages.needsFile) }
        switch action {
        case .dump, .verify:
            if output != nil || isInPlace { throw UsageError(LogCommandMessages.changesNothing(action.rawValue)) }
        case .chop, .truncate, .recover:
            guard files.count == 1 else { throw UsageError(LogCommandMessages.oneFile(action.rawValue)) }
            if output != nil, isInPlace { throw UsageError(LogCommandMessages.eitherPlace) }
            if action == .chop, to == nil { throw UsageError(LogCommandMessages.needsZxid) }
        }
    }

    private static func zxid(_ text: String) throws -> Zxid {
        let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
        guard let value = UInt64(digits, radix: text.hasPrefix("0x") ? 16 : 10) else {
            throw UsageError(LogCommandMessages.notAZxid(text))
        }
        return Zxid(rawValue: value)
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        switch action {
        case .dump: return try dump(context)
        case .verify: return try verify(context)
        case .chop:
            let (survey, bytes) = try LogTool.chop(files[0], after: to!)
            return try keep(survey, bytes, context)
        case .truncate:
            let (survey, bytes) = try LogTool.truncate(files[0])
            if survey.isWhole {
                context.print(LogCommandMessages.nothingToDo(files[0]))
                return .pass
            }
            return try keep(survey, bytes, context)
        case .recover: return try recover(context)
        }
    }

    // MARK: Looking

    private func dump(_ context: CommandContext) throws -> ExitCode {
        var code = ExitCode.pass
        for file in files {
            let survey = try LogTool.survey(file) { transaction in
                let zxid = transaction.header.zxid
                if let to, zxid > to { return false }
                if from.map({ zxid >= $0 }) ?? true { context.write(try line(transaction)) }
                return true
            }
            guard !report(survey, file, context) else { continue }
            code = .fail
        }
        return code
    }

    private func line(_ transaction: LoggedTransaction) throws -> String {
        let header = transaction.header
        if isJSON { return try JSONLine.text(LogLine(transaction)) }
        let time = Date(timeIntervalSince1970: Double(header.time) / 1_000)
            .formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
        return "\(header.zxid) \(time)Z session \(header.session) cxid \(header.cxid) "
            + transaction.body.text(showsData: showsData) + "\n"
    }

    private func verify(_ context: CommandContext) throws -> ExitCode {
        var code = ExitCode.pass
        for file in files {
            let survey = try LogTool.survey(file)
            if isJSON {
                context.write(try JSONLine.text(LogReport(file, survey)))
            } else if let first = survey.firstZxid, let last = survey.lastZxid {
                context.print(
                    LogCommandMessages.holds(
                        file, survey.transactionCount, first: first.description, last: last.description))
            } else {
                context.print(LogCommandMessages.empty(file))
            }
            if !report(survey, file, context) { code = .fail }
        }
        return code
    }

    /// True for a log without fault.
    private func report(_ survey: LogTool.Survey, _ file: String, _ context: CommandContext) -> Bool {
        if let failure = survey.failure { context.printError(failure.message) }
        if survey.tornByteCount > 0 {
            context.printError(LogCommandMessages.torn(file, survey.tornByteCount, at: survey.validByteCount))
        }
        return survey.isWhole
    }

    // MARK: Writing

    private func keep(_ survey: LogTool.Survey, _ bytes: [UInt8], _ context: CommandContext) throws -> ExitCode {
        try write(bytes, context)
        context.print(
            LogCommandMessages.kept(
                survey.transactionCount, last: (survey.lastZxid ?? .zero).description, target(action).path))
        return .pass
    }

    private func recover(_ context: CommandContext) throws -> ExitCode {
        let mended = try LogTool.mend(files[0])
        try write(mended.bytes, context)
        for zxid in mended.mended { context.print(LogCommandMessages.mended(zxid.description)) }
        if mended.droppedByteCount > 0 {
            context.printError(
                LogCommandMessages.dropped(mended.droppedByteCount, after: mended.lastZxid.description))
        }
        context.print(
            LogCommandMessages.kept(mended.transactionCount, last: mended.lastZxid.description, target(action).path))
        return mended.droppedByteCount > 0 ? .fail : .pass
    }

    /// The new file's path; in place, the old one's, and where the old bytes stay.
    private func target(_ action: Action) -> (path: String, backup: String?) {
        if isInPlace { return (files[0], files[0] + "-backup") }
        let endings: [Action: String] = [.chop: "-chopped", .truncate: "-truncated", .recover: "-recovered"]
        // ZooKeeper takes "log.1.anything" for a log; not so these names.
        return (output ?? files[0] + (endings[action] ?? ""), nil)
    }

    private func write(_ bytes: [UInt8], _ context: CommandContext) throws {
        let target = target(action)
        guard let backup = target.backup else { return try LogTool.write(bytes, to: target.path) }
        try LogTool.replace(target.path, with: bytes, backup: backup)
        context.print(LogCommandMessages.backup(backup))
    }
}

/// One transaction as JSON.
private struct LogLine: Encodable {
    var zxid: String
    var time: Int64
    var session: String
    var cxid: Int32
    var type: Int32
    var what: String
    var digest: String?

    init(_ transaction: LoggedTransaction) {
        zxid = transaction.header.zxid.description
        time = transaction.header.time
        session = transaction.header.session.description
        cxid = transaction.header.cxid
        type = transaction.body.type
        what = transaction.body.text(showsData: true)
        digest = transaction.digest.map { String($0, radix: 16) }
    }
}

/// What `verify --json` says.
private struct LogReport: Encodable {
    var file: String
    var transactions: Int
    var first: String?
    var last: String?
    var validBytes: Int
    var tornBytes: Int
    var damaged: Bool

    init(_ file: String, _ survey: LogTool.Survey) {
        self.file = file
        transactions = survey.transactionCount
        first = survey.firstZxid?.description
        last = survey.lastZxid?.description
        validBytes = survey.validByteCount
        tornBytes = survey.tornByteCount
        damaged = survey.failure != nil
    }
}
