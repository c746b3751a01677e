import Scenarios
import Testing

struct NightTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `one line names a night`(_ seed: UInt64) {
        let night = Night(seed: seed)
        #expect(Night(night.description) == night)
    }

    @Test func `a line may leave faults and actions out, and name a mutation`() {
        let line =
            "ensemble servers=5 observers=1 clients=3 seed=9 mutation=keepsTornTail zab-mutation=neverTruncates"
            + " faults=0,3 actions="
        #expect(Night(line)?.description == line)
        #expect(Night("zab servers=3 observers=0 seed=4 mutation=neverTruncates faults=1")?.problems.isEmpty == true)
    }

    @Test(arguments: ["", "zab", "zab seed=1", "raft servers=3 seed=1", "zab servers=3 seed", "zab servers=0 seed=1"])
    func `other lines name none`(_ line: String) {
        #expect(Night(line) == nil)
    }
}
