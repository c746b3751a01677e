import StateMachines

/// TLS between a stream's socket and its owner.
final class TLSLayer {
    let session: TLSSession
    let context: TLSContext
    let peer: String
    fileprivate let onSecured: (TLSPeer) -> Void
    fileprivate var deadline: LoopTimer?
    fileprivate(set) var isSecured = false
    /// Whether the owner wants to read; the socket is read during the handshake in any case.
    fileprivate var isWanted: Bool
    fileprivate var handshakeByteCount = 0
    /// Decrypted bytes may wait in the session, because the owner had paused.
    fileprivate var mayHoldMore = false
    /// What the owner has written during the handshake.
    fileprivate(set) var early: [UInt8] = []

    fileprivate init(
        _ session: TLSSession, _ context: TLSContext, peer: String, isWanted: Bool,
        onSecured: @escaping (TLSPeer) -> Void
    ) {
        (self.session, self.context, self.peer) = (session, context, peer)
        (self.isWanted, self.onSecured) = (isWanted, onSecured)
    }

    func cancel() { deadline?.cancel() }
}

extension TCPConnection {
    /// Puts TLS between the socket and the owner: from now on `onBytes` gets, and `write` takes, what is inside.
    ///
    /// The handshake's arithmetic is done on a worker thread. Whatever goes wrong, also later, ends the stream with
    /// `.insecure`, the handshake after `TLSOptions.handshakeTimeout` at the latest.
    ///
    /// - Parameters:
    ///   - host: for a client the name it asked for; a server takes the peer's address.
    ///   - received: what has been read already; empty for a stream that has not been read from.
    ///   - onSecured: called once, when the handshake is done, before the first byte is delivered.
    package func startTLS(
        _ context: TLSContext, host: String? = nil, received: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        onSecured: @escaping (TLSPeer) -> Void
    ) throws(TLSSetupFailure) {
        precondition(tls == nil && isOpen)
        let session = try TLSSession(context, peer: host ?? remoteHost)
        let layer = TLSLayer(
            session, context, peer: host ?? remoteAddress, isWanted: isReading, onSecured: onSecured)
        tls = layer
        layer.deadline = loop.schedule(after: context.options.handshakeTimeout) { [weak self] in
            self?.fail(.timedOut)
        }
        shakeHands(Array(received))
    }
}

extension ByteStream {
    // MARK: The handshake

    /// Takes one step on a worker thread. The socket is not read meanwhile.
    fileprivate func shakeHands(_ bytes: [UInt8]) {
        guard let tls else { return }
        tls.handshakeByteCount += bytes.count
        guard tls.handshakeByteCount <= tls.context.options.handshakeByteLimit else { return fail(.tooLong) }
        pauseSocket()
        let session = tls.session
        loop.perform {
            let progress = session.handshake(bytes)
            var output: [UInt8] = []
            session.takeOutput(into: &output)
            return (progress, output)
        } then: { [self] progress, output in
            guard self.tls === tls, isOpen else { return }
            output.withUnsafeBytes { writeToSocket($0) }
            switch progress {
            case .waiting: resumeSocket()
            case .secured(let peer): becomeSecured(tls, peer)
            case .failed(let reason): fail(reason)
            }
        }
    }

    private func becomeSecured(_ tls: TLSLayer, _ peer: TLSPeer) {
        tls.isSecured = true
        tls.mayHoldMore = true
        tls.cancel()
        let early = tls.early
        tls.early = []
        early.withUnsafeBytes { encrypt($0, tls) }
        tls.onSecured(peer)
        guard self.tls === tls, isOpen else { return }
        if tls.isWanted {
            resumeSocket()
            deliver(tls)
        }
    }

    // MARK: Reading

    /// The owner's wish, while there is TLS.
    func setWanted(_ isWanted: Bool, _ tls: TLSLayer) {
        guard tls.isWanted != isWanted else { return }
        tls.isWanted = isWanted
        guard tls.isSecured else { return }
        if !isWanted { return pauseSocket() }
        resumeSocket()
        guard tls.mayHoldMore else { return }
        // One turn later: an owner that resumes does not expect bytes inside its own call.
        loop.schedule(after: .zero) { [weak self] in self?.deliver(tls) }
    }

    /// Takes what the socket gave.
    func receive(_ bytes: UnsafeRawBufferPointer, _ tls: TLSLayer) {
        guard tls.isSecured else { return shakeHands(Array(bytes)) }
        tls.session.receive(bytes)
        deliver(tls)
    }

    /// Hands out what can be decrypted, until the owner pauses.
    private func deliver(_ tls: TLSLayer) {
        while self.tls === tls, isOpen, tls.isWanted, let onBytes {
            // The socket's bytes have been copied; until the next read the buffer is free.
            let reading = tls.session.read(into: loop.readBuffer)
            flush(tls)
            switch reading {
            case .bytes(let count): onBytes(UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count]))
            case .nothing:
                tls.mayHoldMore = false
                return
            case .finished:
                pauseSocket()
                return end(.finished)
            case .failed(let reason): return fail(reason)
            }
        }
        tls.mayHoldMore = true
    }

    /// Answers that TLS itself gives.
    private func flush(_ tls: TLSLayer) {
        var output: [UInt8] = []
        tls.session.takeOutput(into: &output)
        output.withUnsafeBytes { writeToSocket($0) }
    }

    /// The socket has ended. Without the peer's closing alert that is a failure, since anyone could have cut it.
    func socketEnded(_ tls: TLSLayer) {
        pauseSocket()
        if tls.isSecured { return fail(status: Self.endOfFile) }
        // Whoever only looks whether a server is there says nothing at all.
        let isSilent = tls.context.side == .server && tls.handshakeByteCount == 0
        if isSilent { end(.finished) } else { fail(.tornHandshake) }
    }

    // MARK: Writing

    func write(_ bytes: UnsafeRawBufferPointer, _ tls: TLSLayer) {
        if tls.isSecured { encrypt(bytes, tls) } else { tls.early.append(contentsOf: bytes) }
    }

    private func encrypt(_ bytes: UnsafeRawBufferPointer, _ tls: TLSLayer) {
        guard !bytes.isEmpty else { return }
        let problem = tls.session.write(bytes, into: &loop.ciphertext)
        loop.ciphertext.withUnsafeBytes { writeToSocket($0) }
        // A rare giant is let go.
        loop.ciphertext.removeAll(keepingCapacity: loop.ciphertext.capacity <= 1 << 18)
        // One turn later, as a failed write of a plain stream.
        if let problem { loop.schedule(after: .zero) { [weak self] in self?.fail(problem) } }
    }

    /// Before an orderly close.
    func sayGoodbye(_ tls: TLSLayer) {
        guard tls.isSecured else { return }
        tls.session.finish()
        flush(tls)
    }

    // MARK: Failing

    /// Sends the alert that OpenSSL may have left, and closes.
    fileprivate func fail(_ reason: TLSFailure.Reason) {
        guard isOpen, let tls else { return }
        let report = onEnd
        if tls.isSecured { flush(tls) }
        let failure = TLSFailure(peer: tls.peer, side: tls.context.side, reason: reason)
        closeWithoutGoodbye()
        report?(.insecure(failure))
    }
}
