import Faults
import Simulator
import StateMachines
import Testing
import Traces

struct SimulationTests {
    @Test func `a ping is answered once it is on disk`() throws {
        let result = try Simulation.run(.pingPong())
        #expect(result.end == .quiescent)
        #expect(result.world[NodeID(0)].machine.answers == 1)
        #expect(
            result.trace.events.map(\.kind) == [
                .state, .state, .invoke, .send, .timerSet, .receive, .persist, .persisted, .send, .receive, .decide,
                .respond,
            ])
    }
}
