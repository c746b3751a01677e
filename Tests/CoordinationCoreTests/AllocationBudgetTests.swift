import Bytes
import CAllocationCounter
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

/// How often a request may ask the system for memory: a count, the same on every machine, for release builds.
///
/// Requests come sixteen at a time on one connection, as from a client that does not wait, and each turn's writes are
/// persisted together. Who needs more than a budget says, changes the budget, and says in the commit what for.
@Suite(.enabled(if: isRelease && zoolab_allocations_are_counted()))
struct AllocationBudgetTests {
    /// One kind of request.
    struct Load: Sendable, CustomTestStringConvertible {
        var name: String
        /// Allocations for a hundred requests.
        var budget: UInt64
        var request: @Sendable (_ number: Int) -> ClientRequest

        var testDescription: String { "\(name): \(budget) for 100 requests" }
    }

    private static let data = [UInt8](repeating: 7, count: 100)

    /// A write allocates its path and its data, which live until it is committed, and a sixteenth of the log entries it is
    /// handed over in. Reads allocate nothing, but that a watch keeps its path, an ACL is written from a list of its own,
    /// and a multi from lists of operations and results.
    static let loads = [
        Load(name: "getData", budget: 0) { _ in .getData(PathWatchRequest(path: "/node")) },
        Load(name: "exists", budget: 0) { _ in .exists(PathWatchRequest(path: "/node")) },
        Load(name: "exists, no node", budget: 0) { _ in .exists(PathWatchRequest(path: "/none")) },
        Load(name: "getChildren", budget: 0) { _ in .getChildren(PathWatchRequest(path: "/")) },
        Load(name: "getChildrenWithStat", budget: 0) { _ in .getChildrenWithStat(PathWatchRequest(path: "/")) },
        Load(name: "ping", budget: 0) { _ in .ping },
        Load(name: "setData", budget: 210) { _ in .setData(SetDataRequest(path: "/node", data: data)) },
        Load(name: "setData, another version", budget: 310) { _ in
            .setData(SetDataRequest(path: "/node", data: data, version: 1 << 30))
        },
        Load(name: "create", budget: 215) { .create(CreateRequest(path: ByteString("/new\($0)"), data: data)) },
        Load(name: "create and delete an ephemeral", budget: 465) { number in
            number % 2 == 0
                ? .create(CreateRequest(path: "/ephemeral", data: data, mode: .ephemeral))
                : .delete(PathVersionRequest(path: "/ephemeral"))
        },
        Load(name: "getACL", budget: 400) { _ in .getACL(PathRequest(path: "/node")) },
        Load(name: "getData, watched already", budget: 100) { _ in
            .getData(PathWatchRequest(path: "/node", watch: true))
        },
        Load(name: "watch other nodes", budget: 205) { number in
            .exists(PathWatchRequest(path: ByteString("/other\(number)"), watch: true))
        },
        Load(name: "watch and change", budget: 505) { number in
            number % 2 == 0
                ? .getData(PathWatchRequest(path: "/node", watch: true))
                : .setData(SetDataRequest(path: "/node", data: data))
        },
        Load(name: "multi of check and setData", budget: 910) { _ in
            .multi(
                MultiRequest(operations: [
                    .check(PathVersionRequest(path: "/node")), .setData(SetDataRequest(path: "/node", data: data)),
                ]))
        },
        Load(name: "multi that fails", budget: 1_110) { _ in
            .multi(
                MultiRequest(operations: [
                    .setData(SetDataRequest(path: "/node", data: data)), .check(PathVersionRequest(path: "/none")),
                ]))
        },
        Load(name: "multiRead of two", budget: 1_000) { _ in
            .multiRead(
                MultiReadRequest(operations: [
                    .getData(PathWatchRequest(path: "/node")), .getChildren(PathWatchRequest(path: "/")),
                ]))
        },
    ]

    @Test(arguments: loads)
    func `a request stays within its budget`(load: Load) throws {
        var server = try QuietServer()
        let turns = (0..<256).map { turn in
            (0..<16).flatMap { load.request(turn * 16 + $0).frame(xid: Int32($0)) }
        }
        for turn in turns[..<128] { server.receive(turn) }
        let before = zoolab_allocation_count()
        for turn in turns[128...] { server.receive(turn) }
        let count = zoolab_allocation_count() - before
        // Tables double now and then, whatever is asked.
        let growth: UInt64 = load.budget == 0 ? 0 : 40
        #expect(count <= load.budget * 128 * 16 / 100 + growth, "\(load.name): \(count) for 2,048 requests")
        #expect(server.answeredByteCount > 256 * 16 * 16)
    }

    @Test func `the counter counts`() {
        let before = zoolab_allocation_count()
        let arrays = (1...100).map { [UInt8](repeating: 1, count: $0 * 100) }
        #expect(zoolab_allocation_count() - before >= 100)
        #expect(arrays.count == 100)
    }
}

#if DEBUG
    private let isRelease = false
#else
    private let isRelease = true
#endif

/// A server that nobody watches, whose disk is done at once.
private struct QuietServer {
    private var core: CoordinationCore
    private var effects = EffectBuffer<CoordinationCore.Effect>()
    private let client = ConnectionID(rawValue: 1)
    private var now = Tick.seconds(1_000)
    private(set) var answeredByteCount = 0

    init() throws {
        core = CoordinationCore(CoreConfiguration(), at: now)
        step(.clockRead(1_700_000_000_000))
        step(.started)
        step(.connected(client, address: "127.0.0.1:40000"))
        let hello = ConnectRequest(
            lastZxidSeen: .zero, timeoutMilliseconds: 10_000, session: .none,
            password: Array(repeating: 0, count: 16))
        receive(framed(hello.encoded))
        receive(ClientRequest.create(CreateRequest(path: "/node", data: [1])).frame(xid: 1))
        try #require(core.tree.find("/node" as ByteString) != nil)
    }

    mutating func receive(_ bytes: [UInt8]) {
        now = now + .microseconds(10)
        core.receive(bytes.span.bytes, from: client, at: now, into: &effects)
        perform()
    }

    private mutating func step(_ input: CoordinationCore.Input) {
        core.step(input, at: now, into: &effects)
        perform()
    }

    private mutating func perform() {
        var persisted: Zxid?
        while let effect = effects.popFirst() {
            switch effect {
            case .send(let id):
                var count = 0
                core.takeOutput(of: id) { count = $0.byteCount }
                answeredByteCount += count
            case .persist(_, _, let through): persisted = through
            default: break
            }
        }
        if let persisted { step(.persisted(through: persisted)) }
    }
}
