import Faults
import StateMachines
import Testing

struct FaultCastingTests {
    private let cast = ["L": "S3", "N1": "S1", "N2": "S2"]

    @Test(arguments: [
        ("crash L", "crash S3 at 500ms"), ("crash L at 20ms for 1s", "crash S3 at 520ms for 1s"),
        ("drop 10% from L to N1", "drop 10% from S3 to S1 at 500ms"),
        ("delay every 3 from N2 5ms", "delay every 3 from S2 5ms at 500ms"),
        ("partition L,N1|N2 at 1s", "partition S3,S1|S2 at 1500ms"), ("one-way L>N2", "one-way S3>S2 at 500ms"),
        ("isolate N1", "isolate S1 at 500ms"), ("heal at 2s", "heal at 2500ms"),
        ("skew N2 +2s at 1ms", "skew S2 +2s at 501ms"), ("lose-reply N1", "lose-reply S1 at 500ms"),
    ])
    func `a fault plays elsewhere, with other names and later`(text: String, expected: String) throws {
        let recast = try Fault(parsing: text, in: FaultContext()).recast(later: .milliseconds(500)) { cast[$0] }
        #expect(try recast == Fault(parsing: expected, in: FaultContext()), "\(recast?.description ?? "nil")")
    }

    @Test(arguments: ["crash N3", "partition L,N3|N1", "drop from N3", "crash L after send", "one-way L>N3"])
    func `without somebody, or waiting for an event, it plays nowhere`(text: String) throws {
        let fault = try Fault(parsing: text, in: FaultContext())
        #expect(fault.recast(later: .zero) { cast[$0] } == nil)
    }
}
