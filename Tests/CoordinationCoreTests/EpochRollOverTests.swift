import Bytes
import CoordinationCore
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

/// The counter of an epoch has 32 bits. What happens behind the last of them.
struct EpochRollOverTests {
    private func elected(transactions: UInt32) throws -> VirtualEnsemble {
        var ensemble = VirtualEnsemble(VirtualEnsemble.Setup(transactionsPerEpoch: transactions))
        ensemble.wait(.seconds(5))
        return ensemble
    }

    @Test(arguments: [0, 1, 2])
    func `a leader steps down behind its last transaction, and nothing is lost`(server: Int) throws {
        var ensemble = try elected(transactions: 5)
        var last = Zxid.zero
        for number in 0..<20 {
            // Whoever led has closed all connections; its clients come again.
            while try ensemble.shakeHands(with: server).1 == nil { ensemble.wait(.milliseconds(100)) }
            let (client, _) = try ensemble.connect(to: server)
            let path = ByteString("/n\(number)")
            ensemble.send(create(path).frame(xid: 1), client, on: server)
            guard let answer = try ensemble.take(client, on: server).first else { continue }
            let reply = try Reply(answer, to: .create)
            #expect(reply.error == .ok)
            #expect(reply.zxid > last)
            #expect((1...5).contains(reply.zxid.counter))
            last = reply.zxid
            ensemble.wait(.seconds(3))
            #expect(ensemble.servers.allSatisfy { $0.has(path) }, "\(path) was acknowledged with \(reply.zxid)")
        }
        #expect(last.epoch >= 6)
        ensemble.wait(.seconds(30))
        #expect(Set(ensemble.servers.map(\.core.tree.digest)).count == 1)
        for log in ensemble.servers.map(\.log) { #expect(try recover(log).firstDigestMismatch == nil) }
    }

    @Test(arguments: [0, 1, 2])
    func `of requests sent at once a beginning is answered, and that beginning is kept`(server: Int) throws {
        for transactions in 3...9 as ClosedRange<UInt32> {
            var ensemble = try elected(transactions: transactions)
            let (client, _) = try ensemble.connect(to: server)
            let frames = (1...12).flatMap { create(ByteString("/n\($0)")).frame(xid: Int32($0)) }
            ensemble.disksAreSlow = true
            ensemble.send(frames, client, on: server)
            ensemble.finishDisks()
            let xids = try ensemble.take(client, on: server).map { try Reply($0).xid }
            #expect(xids == Array(1...12).prefix(xids.count).map { Int32($0) })
            #expect(xids.count <= Int(transactions) - 1)
            #expect(ensemble.servers[server].closed.contains(client))
            ensemble.wait(.seconds(20))
            #expect(ensemble.leader != nil)
            for xid in xids { #expect(ensemble.servers.allSatisfy { $0.has(ByteString("/n\(xid)")) }) }
            #expect(Set(ensemble.servers.map(\.core.tree.digest)).count == 1)
        }
    }

    @Test func `sessions go on in the next epoch`() throws {
        var ensemble = try elected(transactions: 4)
        let (first, opened) = try ensemble.connect(to: 0)
        for number in 1...3 {
            _ = try ensemble.ask(create(ByteString("/e\(number)"), [], .ephemeral), xid: Int32(number), first, on: 0)
        }
        #expect(ensemble.servers[0].closed.contains(first))
        ensemble.wait(.seconds(3))
        let (second, resumed) = try ensemble.connect(to: 0, session: opened.session, password: opened.password)
        #expect(resumed.session == opened.session)
        let closed = try ensemble.ask(.closeSession, xid: 9, second, on: 0)
        #expect(closed.error == .ok)
        #expect(closed.zxid == Zxid(epoch: 2, counter: 1))
        #expect(ensemble.servers.allSatisfy { !$0.has("/e1") && !$0.has("/e2") && !$0.has("/e3") })
    }

    @Test func `a server alone begins the next epoch by itself`() throws {
        var recovered = RecoveredState()
        recovered.apply(
            LoggedTransaction(
                header: TransactionHeader(
                    session: .none, cxid: 0, zxid: Zxid(epoch: 0, counter: .max - 1), time: 1_700_000_000_000),
                body: .error(.noNode), digest: nil))
        var server = VirtualServer(recovered: recovered)
        let (client, _) = try server.connect()
        var zxids: [Zxid] = []
        for number in 1...3 {
            let reply = try server.ask(create(ByteString("/n\(number)")), xid: Int32(number), on: client)
            #expect(reply.error == .ok)
            zxids.append(reply.zxid)
        }
        #expect(zxids == (1...3).map { Zxid(epoch: 1, counter: $0) })
        let again = try server.ask(.getData(PathWatchRequest(path: "/n3", watch: false)), xid: 9, on: client)
        #expect(again.zxid == zxids[2])
    }
}
