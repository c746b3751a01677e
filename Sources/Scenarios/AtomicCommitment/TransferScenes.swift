package import CommitProtocols
import StateMachines

/// What the scenes of all protocols for atomic commitment are about: a transfer between accounts at P1 and P2, booked
/// by everyone else.
package protocol TransferScenes {}

extension TransferScenes {
    package static var first: TransactionID { TransactionID(1) }
    static var committed: String { "\(first): commit" }
    static var aborted: String { "\(first): abort" }

    /// What everyone's store holds at first: P1 can pay.
    static var cells: [KeyValueStore.Cell] { [KeyValueStore.Cell(key(1), 5_000)] }

    static func participantNames(_ count: Int) -> [String] { (1...count).map { "P\($0)" } }

    /// The key that one participant keeps: "a" at P1, "b" at P2…
    static func key(_ participant: Int) -> String { String(UnicodeScalar(UInt8(ascii: "a") + UInt8(participant - 1))) }

    /// 1000 from P1 to P2; everyone after them notes it.
    package static func transfer(
        _ transaction: TransactionID = first, amount: Int = 1_000, participants: Int
    ) -> Plan {
        Plan(
            transaction,
            (1...participants).map { number in
                switch number {
                case 1: Assignment(NodeID(1), .add(key(1), -amount))
                case 2: Assignment(NodeID(2), .add(key(2), amount))
                default: Assignment(NodeID(number), .set(key(number), 1))
                }
            })
    }
}
