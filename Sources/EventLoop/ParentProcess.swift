import CLibuv
import StateMachines

/// The process that started this one, for children that must not outlive it.
package enum ParentProcess {
    /// Ends this process with its parent: on Linux the system sees to it at once, even for a process that is stopped; elsewhere
    /// the loop looks every second.
    ///
    /// - Parameters:
    ///   - identifier: the parent that is meant; it may have ended before this call.
    ///   - orphaned: called on the loop where the parent has gone.
    package static func follow(_ identifier: Int32, on loop: EventLoop, orphaned: @escaping () -> Void) {
        zoolab_die_with_parent()
        let timer = loop.schedule(every: .seconds(1)) { if getppid() != identifier { orphaned() } }
        timer.unreference()
        if getppid() != identifier { loop.schedule(after: .zero, orphaned) }
    }
}
