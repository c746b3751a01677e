package import StateMachines

/// A server of an ensemble as a node of the simulator: what a driver does, over a network that may lose anything.
///
/// The protocol needs streams, as TCP gives them: in order, nothing missing. Here a stream is a number and a count; a message that
/// is missing or comes twice ends the stream, as a lost segment that nobody repeats would. The state is the list of
/// delivered transactions.
package struct ZabNode: ProtocolNode {
    package typealias Message = ZabMessage
    package typealias Timer = PeerTimer
    package typealias Record = ZabRecord
    package typealias Command = ZabCommand

    /// One stream, seen from one end.
    struct Stream: Hashable, Sendable, CanonicalEncodable {
        var number: UInt64
        var sent: UInt32 = 0
        var received: UInt32 = 0

        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(number)
            encoder.encode(sent)
            encoder.encode(received)
        }
    }

    let configuration: ZabConfiguration
    package private(set) var peer: ZabPeer
    private var streams = ServerTable<Stream>()
    private var openedStreams: UInt64 = 0
    /// Everything appended since the beginning of time that was not truncated, on disk or not.
    package private(set) var log: [LogEntry] = []
    /// Everything delivered. After a restart, all of the log, as a server that loads its data has it.
    package private(set) var state: [LogEntry] = []
    /// Entries that wait for the write before them: the log is written by one thread, which knows nothing of the files of
    /// the epochs.
    private var unwritten = Queue<LogEntry>()
    private var isWriting = false
    /// Writes that this server was asked for and that are not delivered yet.
    private var asked: [[UInt8]] = []
    /// The state that came with the last SNAP.
    private var arrivedState: [LogEntry] = []
    /// The end of the copy that this log begins with: nothing before it can be gone back to.
    private var copied = Zxid.zero
    private var hasToldOffence = false
    private var peerEffects = EffectBuffer<PeerEffect>()

    package init(_ configuration: ZabConfiguration) {
        self.configuration = configuration
        peer = ZabPeer(configuration)
    }

    /// Node 0 is server 1, and so on.
    package static func server(_ node: NodeID) -> ServerID { ServerID(Int64(node.index) + 1) }
    package static func node(_ server: ServerID) -> NodeID { NodeID(Int(server.rawValue) - 1) }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: run(.started, now, &effects)
        case .recovered(let records):
            recover(records)
            run(.started, now, &effects)
        case .received(let message, let sender): onReceived(message, from: Self.server(sender), now, &effects)
        case .timerFired(let timer): run(.timerFired(timer), now, &effects)
        case .persisted(let record): onPersisted(record, now, &effects)
        case .invoked(let command): onInvoked(command, now, &effects)
        }
    }

    /// "following 3, epoch 2, 5 entries".
    package var summary: String {
        switch peer.role {
        case .looking: "looking"
        case .leading(let epoch): "leading epoch \(epoch), log \(log.last?.zxid.shortDescription ?? "empty")"
        case .following(let leader, let epoch):
            "following \(leader) epoch \(epoch), log \(log.last?.zxid.shortDescription ?? "empty")"
        case .observing(let leader, let epoch):
            "observing \(leader) epoch \(epoch), log \(log.last?.zxid.shortDescription ?? "empty")"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(peer)
        encoder.encode(streams)
        encoder.encode(openedStreams)
        encoder.encode(log)
        encoder.encode(state)
        encoder.encode(unwritten)
        encoder.encode(isWriting)
        encoder.encode(UInt32(asked.count))
        for payload in asked { encoder.encode(bytes: payload[...]) }
        encoder.encode(arrivedState)
        encoder.encode(copied)
        encoder.encode(hasToldOffence)
    }
}

// MARK: - The disk

extension ZabNode {
    private mutating func recover(_ records: [ZabRecord]) {
        var epochs = Epochs()
        var settings = configuration
        for record in records {
            switch record {
            case .ensemble(let ensemble): settings.ensemble = ensemble
            case .entry(let entry): log.append(entry)
            case .epoch(.accepted(let epoch)): epochs.accepted = max(epochs.accepted, epoch)
            case .epoch(.current(let epoch)): epochs.current = max(epochs.current, epoch)
            case .truncated(let zxid): log.removeAll { $0.zxid > zxid }
            case .snapshot(let entries):
                log = entries
                copied = entries.last?.zxid ?? .zero
            }
        }
        state = log
        let (window, base) = recentLog
        peer = ZabPeer(
            settings, history: History(recovered: window, after: base), epochs: epochs,
            ensembles: log.compactMap(\.ensemble))
    }

    /// What stays in memory after a restart, and the entry before it.
    private var recentLog: (window: [LogEntry], base: Zxid) {
        let window = log.suffix(configuration.windowLimit)
        return (Array(window), log.dropLast(window.count).last?.zxid ?? .zero)
    }

    private mutating func writeNext(_ effects: inout EffectBuffer<Effect>) {
        guard !isWriting, let entry = unwritten.popFirst() else { return }
        isWriting = true
        effects.append(.persist(.entry(entry), forced: true))
    }

    private mutating func onPersisted(_ record: ZabRecord, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        switch record {
        case .entry(let entry):
            isWriting = false
            writeNext(&effects)
            run(.persisted(through: entry.zxid), now, &effects)
        case .epoch(let epoch): run(.epochStored(epoch), now, &effects)
        case .truncated(let zxid):
            let (window, base) = recentLog
            run(.truncated(to: zxid, window: window, before: base), now, &effects)
        case .snapshot(let entries):
            run(
                .snapshotInstalled(through: entries.last?.zxid ?? .zero, entries.lazy.compactMap(\.ensemble).last), now,
                &effects)
        case .ensemble: break
        }
    }

    /// The log's thread has done all that came before when it cuts or replaces the log.
    private mutating func replaceLog(
        by entries: [LogEntry], _ record: ZabRecord, _ effects: inout EffectBuffer<Effect>
    ) {
        while let entry = unwritten.popFirst() { effects.append(.persist(.entry(entry), forced: false)) }
        log = entries
        state = entries
        effects.append(.persist(record, forced: true))
    }
}

// MARK: - The network

extension ZabNode {
    private mutating func onReceived(
        _ message: ZabMessage, from sender: ServerID, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .notification(let notification): run(.notified(notification, from: sender), now, &effects)
        case .open(let number):
            if streams[sender] != nil {
                streams[sender] = nil
                run(.disconnected(sender), now, &effects)
            }
            guard peer.isAcceptingLearners || peer.isHostingObservers else {
                return send(.close(number), to: sender, &effects)
            }
            streams[sender] = Stream(number: number)
            send(.accept(number), to: sender, &effects)
        case .accept(let number):
            if streams[sender]?.number == number { run(.connected(sender), now, &effects) }
        case .close(let number):
            guard streams[sender]?.number == number else { return }
            streams[sender] = nil
            run(.disconnected(sender), now, &effects)
        case .stream(let number, let count, let content):
            guard let stream = streams[sender], stream.number == number else {
                return send(.close(number), to: sender, &effects)
            }
            guard count >= stream.received else { return }  // A duplicate.
            guard count == stream.received else { return breakStream(with: sender, now, &effects) }
            streams[sender]?.received += 1
            onContent(content, from: sender, now, &effects)
        }
    }

    private mutating func breakStream(
        with other: ServerID, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let stream = streams[other] else { return }
        send(.close(stream.number), to: other, &effects)
        streams[other] = nil
        run(.disconnected(other), now, &effects)
    }

    private mutating func onContent(
        _ content: ZabMessage.Content, from sender: ServerID, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        switch content {
        case .packet(let packet): run(.received(packet, from: sender), now, &effects)
        case .snapshot(let zxid, let state):
            arrivedState = state
            run(.received(.snapshot(through: zxid), from: sender), now, &effects)
        case .request(let payload):
            // Of an observer that learns here.
            if let master = peer.master { return stream(content, to: master, &effects) }
            propose(payload, now, &effects)
        }
    }

    private func send(_ message: ZabMessage, to server: ServerID, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.send(message, to: Self.node(server)))
    }

    private mutating func stream(
        _ content: ZabMessage.Content, to server: ServerID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let stream = streams[server] else { return }
        streams[server]?.sent += 1
        send(.stream(stream.number, stream.sent, content), to: server, &effects)
    }
}

// MARK: - The machine

extension ZabNode {
    private mutating func onInvoked(_ command: ZabCommand, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        let payload = Array(command.detail.utf8)
        switch peer.role {
        case .leading where command == .read, .following where command == .read, .observing where command == .read:
            effects.append(.announce(.responded(lastDelivered)))
        case .looking:
            effects.append(
                .announce(.responded("\(command.detail.isEmpty ? command.label : command.detail): no leader")))
        case .leading:
            asked.append(payload)
            propose(payload, now, &effects)
        case .following(let leader, _), .observing(let leader, _):
            asked.append(payload)
            stream(.request(payload), to: peer.master ?? leader, &effects)
        }
    }

    private var lastDelivered: String { state.last.map { String(decoding: $0.payload, as: UTF8.self) } ?? "nothing" }

    private mutating func propose(_ payload: [UInt8], _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard let members = ZabCommand.members(String(decoding: payload, as: UTF8.self)) else {
            return run(.proposed(payload), now, &effects)
        }
        guard let zxid = peer.nextZxid else { return }
        let ensemble = Ensemble(members, version: zxid)
        guard peer.canReconfigure(to: ensemble) else {
            return effects.append(.announce(.responded("\(ensemble.shortDescription): refused")))
        }
        run(.proposed(payload, ensemble), now, &effects)
    }

    private mutating func run(_ input: PeerInput, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        peer.step(input, at: now, into: &peerEffects)
        while let effect = peerEffects.popFirst() { perform(effect, now, &effects) }
        if !hasToldOffence, let offence = peer.standing.offence {
            hasToldOffence = true
            effects.append(.announce(.noted(offence.label)))
        }
    }

    private mutating func perform(_ effect: PeerEffect, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        switch effect {
        case .notify(let notification, let to): send(.notification(notification), to: to, &effects)
        case .connect(let leader, _):
            openedStreams += 1
            let number = now.microseconds << 8 | openedStreams & 0xFF
            streams[leader] = Stream(number: number)
            send(.open(number), to: leader, &effects)
        case .disconnect(let other):
            if let stream = streams[other] { send(.close(stream.number), to: other, &effects) }
            streams[other] = nil
        case .send(.snapshot(let zxid), let to):
            stream(.snapshot(zxid, log.filter { $0.zxid <= zxid }), to: to, &effects)
        case .send(let packet, let to): stream(.packet(packet), to: to, &effects)
        case .append(let entry):
            log.append(entry)
            unwritten.append(entry)
            writeNext(&effects)
        case .storeEpoch(let epoch): effects.append(.persist(.epoch(epoch), forced: true))
        case .truncateLog(let zxid):
            guard zxid >= copied else { return answer(.truncationImpossible, now, &effects) }
            replaceLog(by: log.filter { $0.zxid <= zxid }, .truncated(end(ofCutAt: zxid)), &effects)
        case .installSnapshot(let zxid, _):
            guard configuration.mutation != .omitsStoringSnapshot else { return keepInMemory(zxid, now, &effects) }
            copied = zxid
            replaceLog(by: arrivedState, .snapshot(arrivedState), &effects)
        case .readLog(let after, let through, let learner): readLog(after, through, learner, now, &effects)
        case .deliver(let entry): deliver(entry, &effects)
        case .anticipate(let entry): state.append(entry)
        case .setTimer(let timer, let after): effects.append(.setTimer(timer, after: after))
        case .cancelTimer(let timer): effects.append(.cancelTimer(timer))
        case .changeRole(let role): announce(role, &effects)
        case .askOracle: preconditionFailure("simulated nodes have no oracle")
        case .expectEnsemble: break  // The network reaches everybody.
        case .adoptEnsemble(let ensemble):
            effects.append(.persist(.ensemble(ensemble), forced: true))
            effects.append(.announce(.phaseBegan("ensemble \(ensemble.shortDescription)")))
        }
    }

    /// Where the log on disk ends.
    private func end(ofCutAt zxid: Zxid) -> Zxid {
        guard configuration.mutation == .cutsTooMuch else { return zxid }
        return log.last { $0.zxid < zxid }?.zxid ?? .zero
    }

    private mutating func keepInMemory(_ zxid: Zxid, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        (log, state) = (arrivedState, arrivedState)
        answer(.snapshotInstalled(through: zxid, log.lazy.compactMap(\.ensemble).last), now, &effects)
    }

    /// What can be answered without waiting.
    private mutating func answer(_ input: PeerInput, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        var answers = EffectBuffer<PeerEffect>()
        peer.step(input, at: now, into: &answers)
        while let effect = answers.popFirst() { perform(effect, now, &effects) }
    }

    private mutating func readLog(
        _ after: Zxid, _ through: Zxid, _ learner: ServerID, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        let first = log.lastIndex { $0.zxid <= after } ?? log.startIndex
        let entries = Array(log[first...].prefix { $0.zxid <= through })
        answer(.logRead(entries, for: learner), now, &effects)
    }

    private mutating func deliver(_ entry: LogEntry, _ effects: inout EffectBuffer<Effect>) {
        state.append(entry)
        let text = String(decoding: entry.payload, as: UTF8.self)
        effects.append(.announce(.decided(subject: entry.zxid.shortDescription, outcome: text)))
        guard let index = asked.firstIndex(of: entry.payload) else { return }
        asked.remove(at: index)
        effects.append(.announce(.responded(text)))
    }

    private mutating func announce(_ role: PeerRole, _ effects: inout EffectBuffer<Effect>) {
        switch role {
        case .looking:
            asked.removeAll()
            effects.append(.announce(.phaseBegan("looking")))
        case .leading(let epoch):
            let last = log.last?.zxid ?? .zero
            effects.append(.announce(.phaseBegan("leading epoch \(epoch) after \(last.shortDescription)")))
        case .following(let leader, let epoch):
            effects.append(.announce(.phaseBegan("following \(leader), epoch \(epoch)")))
        case .observing(let leader, let epoch):
            effects.append(.announce(.phaseBegan("observing \(leader), epoch \(epoch)")))
        }
    }
}
