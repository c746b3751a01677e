// Exercise 20, an exclusive lock. This is the file you hand in; the task is in task.en.md.
import ZooLabKit

struct MyLock: ExclusiveLock {
    /// The client, which is connected, and the path of an empty node: everything you create goes below it.
    /// Take time, waiting and chance from here too.
    let environment: ExerciseEnvironment

    init(_ environment: ExerciseEnvironment) {
        self.environment = environment
    }

    /// Waits until this program holds the lock, and returns the fencing token: the `czxid` of its own node.
    ///
    /// With a limit it gives up when the time is over, leaves nothing behind, and returns nil.
    mutating func acquire(within limit: Duration?) async throws -> FencingToken? {
        throw NotWritten(function: "acquire")
    }

    /// Gives the lock back. When it returns, the node is gone, even if the connection broke in between.
    mutating func release() async throws {
        throw NotWritten(function: "release")
    }
}

struct NotWritten: Error, CustomStringConvertible {
    var function: String
    var description: String { "\(function) is yours to write" }
}

await Exercise.run(MyLock.self)
