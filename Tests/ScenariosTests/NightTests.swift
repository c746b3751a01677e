import Scenarios
import Testing

struct NightTests {
    @Test(arguments: 0..<32 as Range<UInt64>)
    func `one line names a night`(_ seed: UInt64) {
        let night = Night(seed: seed)
        #expect(Night(night.description) == night)
    }

    @Test(
        arguments: [
            "zab servers=3 observers=2 spares=1 reconfigurations=12 hosting=true seed=4",
            "zab servers=6 observers=1 groups=3 seed=4 mutation=commitsBelowQuorum faults=1 actions=2,70",
            "ensemble servers=3 observers=2 clients=3 hosting=true seed=4",
        ])
    func `a line tells of groups, spares, reconfigurations and hosted observers`(_ line: String) {
        #expect(Night(line)?.description == line)
    }

    @Test func `the night of a seed comes in every kind`() {
        let lines = (0..<32 as Range<UInt64>).map { Night(seed: $0).description }
        for word in ["zab servers=3", "groups=", "reconfigurations=", "hosting=", "ensemble servers=5", "clients=3"] {
            #expect(lines.contains { $0.contains(word) }, "no night has \(word)")
        }
    }

    @Test func `a line may leave faults and actions out, and name a mutation`() {
        let line =
            "ensemble servers=5 observers=1 clients=3 seed=9 mutation=keepsTornTail zab-mutation=neverTruncates"
            + " faults=0,3 actions="
        #expect(Night(line)?.description == line)
        #expect(Night("zab servers=3 observers=0 seed=4 mutation=neverTruncates faults=1")?.problems.isEmpty == true)
    }

    @Test(
        arguments: [
            "", "zab", "zab seed=1", "raft servers=3 seed=1", "zab servers=3 seed", "zab servers=0 seed=1",
            "zab servers=3 seed=1 seed=2", "zab servers=3 seed=1 colour=red", "zab servers=3 seed=1 faults=1,x",
            "zab servers=3 seed=1 mutation=none", "zab servers=6 groups=3 reconfigurations=1 seed=1",
            "ensemble servers=3 groups=3 seed=1",
        ])
    func `other lines name none`(_ line: String) {
        #expect(Night(line) == nil)
    }
}
