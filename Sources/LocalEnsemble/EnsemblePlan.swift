import Foundation

/// Who belongs to an ensemble on this machine, and where each of them listens. Kept in the ensemble's folder.
package struct EnsemblePlan: Codable, Hashable, Sendable {
    package enum Role: String, Codable, Hashable, Sendable {
        case participant, observer
    }

    package struct Member: Codable, Hashable, Sendable {
        /// The number in `myid`, from 1.
        package var number: Int
        package var role: Role
        /// Where clients connect, on 127.0.0.1.
        package var clientPort: UInt16
        /// Where the server itself listens, for clients, for learners and for votes; everybody reaches it through the
        /// network's own ports, unless there is none.
        package var ownClientPort: UInt16
        package var quorumPort: UInt16
        package var electionPort: UInt16
    }

    package var members: [Member]
    /// `tickTime`, in milliseconds.
    package var tick: Int
    /// Whether messages between servers, and what each server does, are recorded.
    package var isTraced: Bool
    /// More lines of everybody's `zoo.cfg`.
    package var settings: [String]
    /// Clients of server *n* connect to this port plus *n* − 1; `nil`: to any that was free.
    package private(set) var firstPort: UInt16?

    package init(
        members: [Member] = [], tick: Int, isTraced: Bool, settings: [String] = [], firstPort: UInt16? = nil
    ) {
        self.members = members
        self.tick = tick
        self.isTraced = isTraced
        self.settings = settings
        self.firstPort = firstPort
    }

    package func member(_ number: Int) -> Member? { members.first { $0.number == number } }

    /// "127.0.0.1:2181,127.0.0.1:2182"
    package var connectString: String { members.map { "127.0.0.1:\($0.clientPort)" }.joined(separator: ",") }

    /// Moves everybody's port for clients.
    package mutating func setFirstPort(_ port: UInt16) throws(EnsembleFailure) {
        firstPort = port
        for index in members.indices {
            members[index].clientPort = try Self.clientPort(of: members[index].number, from: port)
        }
    }

    /// The port that belongs to a number.
    static func clientPort(of number: Int, from first: UInt16) throws(EnsembleFailure) -> UInt16 {
        guard let port = UInt16(exactly: Int(first) + number - 1) else { throw .noFreePort }
        return port
    }

    /// The `zoo.cfg` of one member.
    ///
    /// - Parameter ports: where this member reaches another one; `nil`: where the other one itself listens, and of this one
    ///   its clients as well.
    func configuration(
        of member: Member, folder: String, ports: ((Member) -> (quorum: UInt16, election: UInt16))?
    ) -> String {
        var lines = [
            "clientPort=\(ports == nil ? member.clientPort : member.ownClientPort)", "clientPortAddress=127.0.0.1",
            "dataDir=\(folder)", "tickTime=\(tick)", "initLimit=20", "syncLimit=6", "4lw.commands.whitelist=*",
            "admin.enableServer=false",
        ]
        guard let ports else { return text(lines + (members.count > 1 ? members.map { line(of: $0) } : [])) }
        lines += ["preAllocSize=1024", "standaloneEnabled=false"]
        if member.role == .observer { lines.append("peerType=observer") }
        return text(
            lines + members.map { $0.number == member.number ? line(of: $0) : line(of: $0, at: ports($0)) })
    }

    private func line(of member: Member, at ports: (quorum: UInt16, election: UInt16)? = nil) -> String {
        let (quorum, election) = ports ?? (member.quorumPort, member.electionPort)
        return "server.\(member.number)=127.0.0.1:\(quorum):\(election):\(member.role.rawValue)"
    }

    private func text(_ lines: [String]) -> String { (lines + settings).map { $0 + "\n" }.joined() }
}

/// The folder of an ensemble: one subfolder for each server, the plan, and how to reach whoever runs it.
package struct EnsembleFolder: Sendable {
    /// Absolute.
    package let path: String

    package init(_ path: String) { self.path = URL(fileURLWithPath: path).standardizedFileURL.path }

    package var planFile: String { path + "/ensemble.json" }
    var controlFile: String { path + "/control.json" }
    var lockFile: String { path + "/lock" }
    package var traceFile: String { path + "/network.jsonl" }
    package func server(_ number: Int) -> String { path + "/\(number)" }
    package func log(_ number: Int) -> String { server(number) + "/server.log" }
    /// What a server did from its *n*th start on.
    func serverTrace(_ number: Int, start: Int) -> String { server(number) + "/trace-\(start).jsonl" }

    /// All of them, in their order.
    func serverTraces(_ number: Int) -> [String] {
        var found: [String] = []
        while FileManager.default.fileExists(atPath: serverTrace(number, start: found.count + 1)) {
            found.append(serverTrace(number, start: found.count + 1))
        }
        return found
    }

    /// Removes the record of an earlier run.
    func removeTraces(_ plan: EnsemblePlan) {
        let old = [traceFile] + plan.members.flatMap { serverTraces($0.number) }
        for file in old { try? FileManager.default.removeItem(atPath: file) }
    }
    func configurationFile(_ number: Int) -> String { server(number) + "/zoo.cfg" }

    /// The plan of the ensemble that was started here; `nil` where none ever was.
    package func plan() throws(EnsembleFailure) -> EnsemblePlan? {
        guard let data = FileManager.default.contents(atPath: planFile) else { return nil }
        do {
            return try JSONDecoder().decode(EnsemblePlan.self, from: data)
        } catch {
            throw .badPlan(planFile)
        }
    }

    func write(_ plan: EnsemblePlan) throws(EnsembleFailure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try encoder.encode(plan).write(to: URL(fileURLWithPath: planFile), options: .atomic)
        } catch {
            throw .cannotWrite(planFile, error.localizedDescription)
        }
    }

    func write(_ text: String, to file: String) throws(EnsembleFailure) {
        do {
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: file).deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        } catch {
            throw .cannotWrite(file, error.localizedDescription)
        }
    }

    /// The epoch that a server works in, by its own file; `nil` where it has none yet.
    func currentEpoch(of number: Int) -> UInt64? {
        let text = try? String(contentsOfFile: server(number) + "/version-2/currentEpoch", encoding: .utf8)
        return text.flatMap { UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// Removes all that an ensemble has made here, and the folder where nothing else is in it.
    package func clean(_ plan: EnsemblePlan?) {
        let files = FileManager.default
        let own = [planFile, controlFile, lockFile, traceFile] + (plan?.members.map { server($0.number) } ?? [])
        for file in own { try? files.removeItem(atPath: file) }
        if (try? files.contentsOfDirectory(atPath: path))?.isEmpty == true { try? files.removeItem(atPath: path) }
    }
}
