import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

struct AccessTests {
    private static func acl(_ rules: (Int32, ByteString, ByteString)...) -> [ACL] {
        rules.map { ACL(permissions: Permissions(rawValue: $0.0), scheme: $0.1, id: $0.2) }
    }
    private static let user1: ByteString = "user1:+owfoSBn/am19roBPzR1/MfCblE="

    private func login(_ credentials: String, _ scheme: ByteString = "digest") -> ClientRequest {
        .auth(AuthRequest(scheme: scheme, credentials: Array(credentials.utf8)))
    }

    private func make(_ path: ByteString, _ acl: [ACL]) -> ClientRequest {
        .create(CreateRequest(path: path, data: [1], acl: acl))
    }

    @Test func `digests of passwords`() {
        var access = AccessConfiguration()
        #expect(ACL.digestID(of: Array("super:admin".utf8), access.digestAlg) == "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=")
        #expect(ACL.digestID(of: Array("user1:12345".utf8), access.digestAlg) == Self.user1)
        #expect(ACL.digestID(of: Array("super:test".utf8), access.digestAlg) == "super:D/InIHSb7yEEbrWz8b9l71RjZJU=")
        access.digestAlg = .sha256
        #expect(ACL.digestID(of: Array("a:b".utf8), access.digestAlg).count == 2 + 44)
    }

    /// Every operation on a node that `user1` owns, as a stranger sees it.
    static let refusals: [(ClientRequest, ErrorCode)] = [
        (.getData(PathWatchRequest(path: "/p")), .noAuth), (.exists(PathWatchRequest(path: "/p")), .noAuth),
        (.getChildren(PathWatchRequest(path: "/p")), .noAuth),
        (.getChildrenWithStat(PathWatchRequest(path: "/p")), .noAuth), (.getACL(PathRequest(path: "/p")), .noAuth),
        (.getAllChildrenNumber(PathRequest(path: "/p")), .noAuth),
        (.setData(SetDataRequest(path: "/p", data: nil)), .noAuth),
        (.setACL(SetACLRequest(path: "/p", acl: ACL.open)), .noAuth),
        (.delete(PathVersionRequest(path: "/p/c")), .noAuth),
        (.delete(PathVersionRequest(path: "/p/none")), .noAuth), (create("/p/x"), .noAuth), (create("/p/c"), .noAuth),
        (.deleteContainer(PathRequest(path: "/p/c")), .badArguments),
        // The version is looked at after the permission, the list of rules before it.
        (.setData(SetDataRequest(path: "/p", data: nil, version: 9)), .noAuth),
        (.setACL(SetACLRequest(path: "/p", acl: [])), .invalidACL),
    ]

    @Test(arguments: refusals)
    func `a stranger may not`(request: ClientRequest, error: ErrorCode) throws {
        var server = VirtualServer()
        let (owner, _) = try server.connect()
        let (stranger, _) = try server.connect()
        #expect(try server.ask(login("user1:12345"), xid: SpecialXid.auth, on: owner).zxid == .zero)
        #expect(try server.ask(make("/p", Self.acl((31, "auth", ""))), on: owner).error == .ok)
        #expect(try server.ask(make("/p/c", ACL.open), on: owner).error == .ok)
        #expect(try server.ask(request, on: stranger).error == error)
        let multi = try server.ask(
            .multi(MultiRequest(operations: [.check(PathVersionRequest(path: "/p"))])), on: stranger)
        #expect(multi.body == .multi(MultiResponse(results: [.error(ErrorCode.noAuth.rawValue)])))
        // Who knows the password may, on any connection.
        _ = try server.ask(login("user1:12345"), xid: SpecialXid.auth, on: stranger)
        #expect(try server.ask(.getData(PathWatchRequest(path: "/p")), on: stranger).error == .ok)
    }

    static let settlements: [([ACL], [ACL]?)] = [
        (acl((1, "world", "anyone"), (1, "world", "anyone")), acl((1, "world", "anyone"))),
        (acl((31, "auth", "whatever")), acl((31, "digest", user1))), (acl((1, "world", "x")), nil),
        (acl((1, "ip", "10.0.0.0/8")), acl((1, "ip", "10.0.0.0/8"))), (acl((1, "ip", "10.0.0")), nil),
        (acl((1, "ip", "10.0.0.1/33")), nil), (acl((1, "ip", "2001:db8::/32")), acl((1, "ip", "2001:db8::/32"))),
        (acl((1, "ip", "1::2::3")), nil), (acl((1, "ip", "256.0.0.1")), nil), (acl((1, "digest", "user")), nil),
        (acl((1, "digest", "a:b:c")), nil), (acl((1, "digest", "a:b")), acl((1, "digest", "a:b"))),
        (acl((1, "nonsense", "a")), nil), (acl((1, "x509", "CN=a")), nil), (acl((1, "super", "")), nil), ([], nil),
    ]

    @Test(arguments: settlements)
    func `lists are settled when they are set`(asked: [ACL], kept: [ACL]?) throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        _ = try server.ask(login("user1:12345"), xid: SpecialXid.auth, on: id)
        let error: ErrorCode = kept == nil ? .invalidACL : .ok
        #expect(try server.ask(make("/a", asked), on: id).error == error)
        #expect(try server.ask(ClientRequest.create(CreateRequest(path: "/b", data: nil)), on: id).error == .ok)
        #expect(try server.ask(.setACL(SetACLRequest(path: "/b", acl: asked)), on: id).error == error)
        if let kept { #expect(server.core.tree.acl(server.core.tree.find("/a")!) == kept) }
    }

    @Test func `a rule may leave out the id that does not count`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        _ = try server.ask(login("user1:12345"), xid: SpecialXid.auth, on: id)
        func create(_ scheme: String) throws -> ErrorCode {
            let path = hex("00000002 2f61 00000000 00000001 0000001f")
            let acl = framed(Array(scheme.utf8)) + hex("ffffffff 00000000")
            server.send(framed(RequestHeader(xid: 1, operation: .create).encoded + path + acl), on: id)
            return try Reply(#require(try server.takeFrames(on: id).first)).error
        }
        #expect(try create("world") == .invalidACL)
        #expect(try create("auth") == .ok)
        #expect(server.core.tree.acl(server.core.tree.find("/a")!) == Self.acl((31, "digest", Self.user1)))
    }

    @Test func `auth without a proof is no rule`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        #expect(try server.ask(make("/a", Self.acl((31, "auth", ""))), on: id).error == .invalidACL)
    }

    @Test func `hashes are shown to administrators only`() throws {
        var server = VirtualServer()
        let (owner, _) = try server.connect()
        let (reader, _) = try server.connect()
        _ = try server.ask(login("user1:12345"), xid: SpecialXid.auth, on: owner)
        let rules = Self.acl((31, "digest", Self.user1), (1, "world", "anyone"))
        #expect(try server.ask(make("/a", rules), on: owner).error == .ok)
        func seen(_ id: ConnectionID) throws -> [ACL]? {
            guard case .aclAndStat(let acl, _)? = try server.ask(.getACL(PathRequest(path: "/a")), on: id).body else {
                return nil
            }
            return acl
        }
        #expect(try seen(owner) == rules)
        #expect(try seen(reader) == Self.acl((31, "digest", "user1:x"), (1, "world", "anyone")))
    }

    @Test(
        arguments: [
            ("10.1.2.3:5", "10.0.0.0/8", true), ("11.1.2.3:5", "10.0.0.0/8", false), ("10.1.2.3:5", "10.1.2.3", true),
            ("[::1]:5", "::1", true), ("[2001:db8::5]:1", "2001:db8::/32", true),
            ("[2001:db9::5]:1", "2001:db8::/32", false),
            ("127.0.0.1:5", "::1", false), ("10.1.2.3:5", "0.0.0.0/0", true), ("10.1.2.127:5", "10.1.2.64/26", true),
            ("10.1.2.128:5", "10.1.2.64/26", false),
        ] as [(String, ByteString, Bool)])
    func `addresses and blocks of them`(address: String, range: ByteString, isInside: Bool) throws {
        var server = VirtualServer()
        let (first, _) = try server.connect()
        #expect(try server.ask(make("/a", Self.acl((1, "ip", range))), on: first).error == .ok)
        let (id, _) = try server.connect(address: address)
        #expect(try server.ask(.getData(PathWatchRequest(path: "/a")), on: id).error == (isInside ? .ok : .noAuth))
    }

    @Test func `the super user may do everything`() throws {
        var configuration = VirtualServer.configuration()
        configuration.access.superDigest = "super:D/InIHSb7yEEbrWz8b9l71RjZJU="
        var server = VirtualServer(configuration)
        let (owner, _) = try server.connect()
        let (other, _) = try server.connect()
        _ = try server.ask(make("/a", Self.acl((1, "digest", "a:b"))), on: owner)
        _ = try server.ask(login("super:wrong"), xid: SpecialXid.auth, on: other)
        #expect(try server.ask(.setData(SetDataRequest(path: "/a", data: nil)), on: other).error == .noAuth)
        _ = try server.ask(login("super:test"), xid: SpecialXid.auth, on: other)
        #expect(try server.ask(.setData(SetDataRequest(path: "/a", data: nil)), on: other).error == .ok)
        #expect(try server.ask(.setData(SetDataRequest(path: "/zookeeper/config", data: nil)), on: other).error == .ok)
        guard case .identities(let identities)? = try server.ask(.whoAmI, on: other).body else {
            return #expect(Bool(false))
        }
        #expect(
            identities == [
                ClientIdentity(scheme: "ip", user: "127.0.0.1"), ClientIdentity(scheme: "digest", user: "super"),
                ClientIdentity(scheme: "super", user: ""), ClientIdentity(scheme: "digest", user: "super"),
            ])
    }

    @Test func `skipACL checks nothing`() throws {
        var configuration = VirtualServer.configuration()
        configuration.access.skipACL = true
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect()
        _ = try server.ask(make("/a", Self.acl((1, "digest", "a:b"))), on: id)
        #expect(try server.ask(.setData(SetDataRequest(path: "/a", data: nil)), on: id).error == .ok)
    }

    @Test func `a certificate that the driver has verified`() throws {
        var configuration = VirtualServer.configuration()
        configuration.access.authProviders = ["x509"]
        configuration.access.x509SuperUser = "CN=root"
        var server = VirtualServer(configuration)
        let (plain, _) = try server.connect()
        let owner = server.open()
        server.step(.identified(owner, Identity(scheme: "x509", id: "CN=alice,O=zoo")))
        let hello = ConnectRequest(lastZxidSeen: .zero, timeoutMilliseconds: 5_000)
        server.send(framed(hello.encoded), on: owner)
        _ = server.take(on: owner)
        #expect(try server.ask(make("/a", Self.acl((31, "auth", ""))), on: owner).error == .ok)
        #expect(
            server.core.tree.acl(server.core.tree.find("/a")!) == Self.acl((31, "x509", "CN=alice,O=zoo")))
        #expect(try server.ask(.getData(PathWatchRequest(path: "/a")), on: plain).error == .noAuth)
        let root = server.open()
        server.step(.identified(root, Identity(scheme: "x509", id: "CN=root")))
        server.send(framed(hello.encoded), on: root)
        _ = server.take(on: root)
        #expect(try server.ask(.getData(PathWatchRequest(path: "/a")), on: root).error == .ok)
        // A packet alone proves nothing.
        server.send(login("", "x509").frame(xid: SpecialXid.auth), on: plain)
        #expect(server.closed == [plain])
    }

    @Test(arguments: [("", true), ("ours", true), ("theirs", false)])
    func `the ensemble scheme keeps strangers out`(name: String, isWelcome: Bool) throws {
        var configuration = VirtualServer.configuration()
        configuration.access.authProviders = ["ensemble"]
        configuration.access.ensembleAuthName = "other,ours"
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect()
        server.send(login(name, "ensemble").frame(xid: SpecialXid.auth), on: id)
        #expect(server.closed.isEmpty == isWelcome)
        #expect(try server.takeFrames(on: id).count == (isWelcome ? 1 : 0))
    }

    @Test func `a server may ask everyone for a proof`() throws {
        var configuration = VirtualServer.configuration()
        configuration.access.enforceAuthEnabled = true
        configuration.access.enforceAuthSchemes = ["digest"]
        var server = VirtualServer(configuration)
        let (known, _) = try server.connect()
        _ = try server.ask(login("a:b"), xid: SpecialXid.auth, on: known)
        #expect(try server.ask(.ping, xid: SpecialXid.ping, on: known).error == .ok)
        let (unknown, _) = try server.connect()
        let reply = try server.ask(.getData(PathWatchRequest(path: "/")), on: unknown)
        #expect(reply.error == .sessionClosedRequireSASLAuth)
        #expect(reply.zxid == .zero)
        #expect(server.closed == [unknown])
    }

    @Test func `who may not read hears nothing, and the watch is spent`() throws {
        var server = VirtualServer()
        let (owner, _) = try server.connect()
        let (watcher, _) = try server.connect()
        _ = try server.ask(login("user1:12345"), xid: SpecialXid.auth, on: owner)
        let mine = Self.acl((31, "auth", ""))
        for path in ["/secret", "/gone"] as [ByteString] {
            #expect(try server.ask(.exists(PathWatchRequest(path: path, watch: true)), on: watcher).error == .noNode)
        }
        let all = ClientRequest.addWatch(AddWatchRequest(path: "/", mode: .persistentRecursive))
        #expect(try server.ask(all, on: watcher).body == .number(0))
        #expect(try server.ask(make("/secret", mine), on: owner).error == .ok)
        #expect(try server.ask(.setData(SetDataRequest(path: "/secret", data: nil)), on: owner).error == .ok)
        #expect(try server.ask(.delete(PathVersionRequest(path: "/secret")), on: owner).error == .ok)
        #expect(server.take(on: watcher).isEmpty)
        #expect(try server.ask(make("/gone", ACL.open), on: owner).error == .ok)
        #expect(try server.takeFrames(on: watcher).map { try Reply($0).event?.path } == ["/gone"])
    }
}
