import Bytes
import CoordinationClient
import StateMachines
import WireProtocol

/// A server that says anything to a client.
enum ClientFuzzing {
    /// Requests, the server's bytes and the passing of time take turns as the bytes say. Every request ends once.
    static func check(_ bytes: inout FuzzBytes) throws(FuzzFinding) {
        var run = Run(bytes.byte())
        var steps = 0
        while !bytes.isEmpty, steps < 400 {
            try run.step(&bytes)
            steps += 1
        }
        try run.perform(.started)
        try run.perform(.detachRequested)
        try demand(run.ended == run.submitted, "\(run.submitted) requests were made, \(run.ended) have ended")
    }

    private struct Run {
        private var session: ClientSession
        private var now = Tick.seconds(1)
        private var isConnecting = false
        /// Whom the session has asked for `isro`.
        private var probed: Int?
        private(set) var submitted = 0
        private(set) var ended = 0
        private var open: Set<ClientSession.RequestNumber> = []

        init(_ bits: UInt8) {
            session = ClientSession(
                serverCount: 1 + Int(bits & 3), timeout: .seconds(6), isReadOnlyAllowed: bits & 4 != 0,
                login: bits & 32 != 0 ? Login(user: "bob", password: "secret") : nil,
                resuming: bits & 8 != 0 ? (SessionID(rawValue: 7), [1, 2, 3]) : nil, seed: bits & 16 != 0 ? 1 : nil)
        }

        mutating func step(_ bytes: inout FuzzBytes) throws(FuzzFinding) {
            switch bytes.number(below: 16) {
            case 0: try perform(.started)
            case 1...2: if isConnecting { try connect() } else { try answerProbe(bytes.flag()) }
            case 3...8: try perform(.bytesReceived(bytes.run()))
            case 9:
                try answerHandshake(
                    timeoutMilliseconds: Int32(truncatingIfNeeded: bytes.int64()), isReadOnly: bytes.flag())
            case 10...11: try submit(RequestChoice.request(&bytes), watch: bytes.flag() ? UInt64(submitted) : nil)
            case 12: try pass(.milliseconds(UInt64(bytes.byte()) * 50))
            case 13: try authenticate(&bytes)
            case 14: try perform(.connectionEnded)
            default: try perform(bytes.flag() ? .watchDropped(UInt64(bytes.byte())) : .closeRequested)
            }
        }

        private mutating func connect() throws(FuzzFinding) {
            isConnecting = false
            try perform(.connectionOpened)
        }

        private mutating func answerProbe(_ isReadWrite: Bool) throws(FuzzFinding) {
            guard let server = probed else { return }
            probed = nil
            try perform(.probed(server: server, isReadWrite: isReadWrite))
        }

        private mutating func answerHandshake(
            timeoutMilliseconds: Int32, isReadOnly: Bool
        ) throws(FuzzFinding) {
            let response = ConnectResponse(
                timeoutMilliseconds: timeoutMilliseconds, session: SessionID(rawValue: 7), password: [1],
                isReadOnly: isReadOnly)
            var writer = ByteWriter()
            writer.writeFrame { response.encode(into: &$0) }
            try perform(.bytesReceived(writer.bytes))
        }

        private mutating func submit(_ request: ClientRequest, watch: UInt64?) throws(FuzzFinding) {
            if case .closeSession = request { return }  // The session's own, see `.closeRequested`.
            submitted += 1
            open.insert(UInt64(submitted))
            try perform(.submitted(UInt64(submitted), request, watch: watch))
        }

        private mutating func authenticate(_ bytes: inout FuzzBytes) throws(FuzzFinding) {
            submitted += 1
            open.insert(UInt64(submitted))
            try perform(.authenticated(UInt64(submitted), AuthRequest(scheme: "digest", credentials: bytes.run())))
        }

        private mutating func pass(_ time: Tick) throws(FuzzFinding) {
            now = now + time
            try perform(.timePassed)
        }

        mutating func perform(_ input: ClientSession.Input) throws(FuzzFinding) {
            var effects = EffectBuffer<ClientSession.Effect>()
            session.step(input, at: now, into: &effects)
            while let effect = effects.popFirst() {
                switch effect {
                case .connect: isConnecting = true
                case .disconnect: isConnecting = false
                case .complete(let number, _):
                    if number == 0 { continue }  // The client's own, which nobody waits for.
                    try demand(open.remove(number) != nil, "request \(number) ends once")
                    ended += 1
                case .send(let frame): try demand(frame.count > 4, "a client sends whole frames")
                case .probe(let server): probed = server
                case .wake, .fire, .observe, .abandon, .announce, .refuse: break
                }
            }
        }
    }
}
