/// One side of the login between two servers, before anything else that they say on a connection of theirs.
///
/// The side that dialled speaks first, with an empty token. Each answers every packet of the other with one of its own, until one
/// of them is content or gives up.
/// - Source: ZooKeeper's `SaslQuorumAuthLearner` and `SaslQuorumAuthServer`.
package struct QuorumLogin: Hashable, Sendable {
    package enum Failure: Error, Hashable, Sendable {
        /// The other side does not let this one in.
        case refusedByPeer
        /// The other side does not know the password itself, or skips a step.
        case unproven
        /// No such user here, or not his password.
        case wrongPassword
        /// What came is no step of a login.
        case malformed
    }

    package enum Step: Hashable, Sendable {
        case answer(QuorumAuthPacket)
        /// It is done, and this side has nothing left to say.
        case done
        /// It is done once this has been said.
        case lastAnswer(QuorumAuthPacket)
    }

    private enum Side: Hashable, Sendable {
        case dialling(DigestMD5Login)
        case dialled(DigestMD5)
    }

    private var side: Side

    /// What the side that dialled says first.
    package static let beginning = QuorumAuthPacket(status: .inProgress, token: [])
    /// What the side that was dialled says when it lets nobody in.
    package static let refusal = QuorumAuthPacket(status: .error, token: [])

    /// - Parameter cnonce: letters and digits that no other exchange has.
    package init(diallingAs user: String, password: String, cnonce: String) {
        side = .dialling(DigestMD5Login(to: .servers, user: user, password: password, cnonce: cnonce))
    }

    /// - Parameter nonce: letters and digits that no other exchange has.
    package init(dialledWith nonce: String) { side = .dialled(DigestMD5(.servers, nonce: nonce)) }

    /// Takes the other side's next packet.
    /// - Parameter password: of a user, for the side that was dialled; `nil` for a stranger.
    package mutating func take(
        _ packet: QuorumAuthPacket, password: (String) -> String?
    ) throws(Failure) -> Step {
        switch side {
        case .dialling(var login):
            defer { side = .dialling(login) }
            return try Self.answer(packet, &login)
        case .dialled(var challenge):
            defer { side = .dialled(challenge) }
            return try Self.judge(packet, &challenge, password)
        }
    }

    private static func answer(
        _ packet: QuorumAuthPacket, _ login: inout DigestMD5Login
    ) throws(Failure) -> Step {
        guard packet.status != .error else { throw .refusedByPeer }
        switch (login.take(packet.token ?? []), packet.status) {
        case (.answer(let token), .inProgress): return .answer(QuorumAuthPacket(status: .inProgress, token: token))
        case (.done, .success): return .done
        case (.done, .inProgress), (.answer, _), (.failed, _), (.done, .error): throw .unproven
        }
    }

    private static func judge(
        _ packet: QuorumAuthPacket, _ challenge: inout DigestMD5, _ password: (String) -> String?
    ) throws(Failure) -> Step {
        guard packet.status == .inProgress else { throw .malformed }
        do {
            let token = try challenge.evaluate(packet.token ?? [], password: password)
            return challenge.user == nil
                ? .answer(QuorumAuthPacket(status: .inProgress, token: token))
                : .lastAnswer(QuorumAuthPacket(status: .success, token: token))
        } catch {
            throw error == .refused ? .wrongPassword : .malformed
        }
    }
}
