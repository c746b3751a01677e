package import Messages
package import StateMachines

/// One holder's time inside a critical section, or as leader, as a resource saw it.
package struct Holding: Hashable, Sendable {
    package var holder: String
    /// The fencing token it came with; tokens of later grants are higher. `nil`: the resource asks for none.
    package var token: UInt64?
    package var begin: Tick
    /// `nil`: it has not left.
    package var end: Tick?

    package init(_ holder: String, token: UInt64? = nil, from begin: Tick, to end: Tick? = nil) {
        self.holder = holder
        self.token = token
        self.begin = begin
        self.end = end
    }
}

/// One access that a resource accepted.
package struct AcceptedAccess: Hashable, Sendable {
    package var holder: String
    package var token: UInt64
    package var time: Tick

    package init(_ holder: String, token: UInt64, at time: Tick) {
        self.holder = holder
        self.token = token
        self.time = time
    }
}

/// Judgements over histories that a witness has recorded: never over what a holder says of itself.
package enum HoldingHistory {
    /// Two different holders are never inside at the same time; leaving and entering at the same moment is allowed.
    ///
    /// - Parameter holdings: in any order.
    /// - Returns: what is wrong with the earliest overlap; `nil` when there is none.
    /// - Complexity: O(*n* log *n*).
    package static func overlap(in holdings: [Holding]) -> LocalizedText? {
        let sorted = holdings.sorted { ($0.begin, $0.holder) < ($1.begin, $1.holder) }
        var inside: [Holding] = []
        for next in sorted {
            if let other = inside.first(where: { $0.holder != next.holder && isStillIn($0, at: next) }) {
                return CheckingMessages.overlap(
                    other.holder, since: other.begin.milliseconds, next.holder, at: next.begin.milliseconds)
            }
            inside.removeAll { !isStillIn($0, at: next) }
            inside.append(next)
        }
        return nil
    }

    private static func isStillIn(_ holding: Holding, at next: Holding) -> Bool {
        holding.end.map { $0 > next.begin } ?? true
    }

    /// Election safety: one leader for each term, whatever clocks and delays there were. Terms are the tokens.
    ///
    /// - Returns: the first term, in the order of the list, with two leaders.
    package static func secondLeader(in holdings: [Holding]) -> LocalizedText? {
        var leaders: [UInt64: String] = [:]  // Only looked up.
        for holding in holdings {
            guard let term = holding.token else { continue }
            if let first = leaders[term], first != holding.holder {
                return CheckingMessages.secondLeader(of: term, first, holding.holder)
            }
            leaders[term] = holding.holder
        }
        return nil
    }

    /// Grants come with rising tokens: each new holding's token is above every earlier one.
    ///
    /// - Parameter holdings: in the order they were granted.
    package static func tokenNotRising(in holdings: [Holding]) -> LocalizedText? {
        var highest: (token: UInt64, holder: String)?
        for holding in holdings {
            guard let token = holding.token else { return CheckingMessages.noToken(holding.holder) }
            if let highest, token <= highest.token {
                return CheckingMessages.tokenNotRising(
                    holding.holder, token: token, after: highest.holder, highest: highest.token)
            }
            highest = (token, holding.holder)
        }
        return nil
    }

    /// Once an access with a token was accepted, none with a lower token is; equal tokens belong to one holder.
    ///
    /// - Parameter accesses: in the order the resource accepted them.
    package static func staleAccess(in accesses: [AcceptedAccess]) -> LocalizedText? {
        var highest: AcceptedAccess?
        for access in accesses {
            if let highest, access.token < highest.token {
                return CheckingMessages.staleAccess(
                    access.holder, token: access.token, at: access.time.milliseconds, after: highest.holder,
                    highest: highest.token)
            }
            if let highest, access.token == highest.token, access.holder != highest.holder {
                return CheckingMessages.sharedToken(access.token, highest.holder, access.holder)
            }
            highest = access
        }
        return nil
    }
}
