/// Every rule by which two generals could decide after at most *k* messengers in turn, and the messenger that breaks it.
///
/// Messenger *i* + 1 leaves when messenger *i* has come, so that a night is told by one number: how many came before one
/// was caught. A has seen half of them, rounded down, B the other half. A rule says for each number of messengers seen
/// whether to attack. Threshold or not: all 2^(⌊k/2⌋+1) · 2^(⌈k/2⌉+1) pairs of rules can be tried.
package struct MessengerRules: Hashable, Sendable {
    package let messengers: Int

    /// - Precondition: no more than 20 messengers.
    package init(messengers: Int) {
        precondition((0...20).contains(messengers), "too many rules")
        self.messengers = messengers
    }

    /// What each general does after having seen so many messengers, as bits.
    package struct Rules: Hashable, Sendable {
        package var a: UInt32
        package var b: UInt32

        package init(a: UInt32, b: UInt32) { (self.a, self.b) = (a, b) }

        /// Whether A, and B, attacks when so many messengers in all have come.
        package func attacks(afterArrivals count: Int) -> (a: Bool, b: Bool) {
            (a >> UInt32(count / 2) & 1 == 1, b >> UInt32((count + 1) / 2) & 1 == 1)
        }
    }

    /// What is wrong with a pair of rules.
    package enum Failure: Hashable, Sendable {
        /// Nobody is caught, and still they do not both attack.
        case uselessWithoutLoss
        /// B attacks without having heard of a plan.
        case attacksUntold
        /// With this messenger caught, and so none after it, one attacks alone.
        case alone(caught: Int)
    }

    /// Every pair of rules, in a fixed order.
    package var all: [Rules] {
        let (ofA, ofB) = (1 << (messengers / 2 + 1), 1 << ((messengers + 1) / 2 + 1))
        return (0..<ofA).flatMap { a in (0..<ofB).map { Rules(a: UInt32(a), b: UInt32($0)) } }
    }

    /// - Returns: the latest messenger whose loss breaks the rules, if they are of any use; `nil`: nothing is wrong.
    package func failure(of rules: Rules) -> Failure? {
        guard rules.attacks(afterArrivals: messengers) == (true, true) else { return .uselessWithoutLoss }
        guard !rules.attacks(afterArrivals: 0).b else { return .attacksUntold }
        for arrivals in (0..<messengers).reversed() {
            let (a, b) = rules.attacks(afterArrivals: arrivals)
            if a != b { return .alone(caught: arrivals + 1) }
        }
        return nil
    }
}
