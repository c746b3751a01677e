// Exercise 30, leader election. This is the file you hand in; the task is in task.en.md.
import ZooLabKit

struct MyElection: LeaderElection {
    /// The client, which is connected, and the path of an empty node: everything you create goes below it.
    /// Take time, waiting and chance from here too.
    let environment: ExerciseEnvironment

    init(_ environment: ExerciseEnvironment) {
        self.environment = environment
    }

    /// Waits until this program is the leader, and returns the fencing token: the `czxid` of its own node.
    mutating func lead() async throws -> FencingToken {
        throw NotWritten(function: "lead")
    }

    /// Stops being the leader. When it returns, the node is gone, even if the connection broke in between.
    mutating func resign() async throws {
        throw NotWritten(function: "resign")
    }
}

struct NotWritten: Error, CustomStringConvertible {
    var function: String
    var description: String { "\(function) is yours to write" }
}

await Exercise.run(MyElection.self)
