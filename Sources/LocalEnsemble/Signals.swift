#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ServerChild {
    static let kill = SIGKILL
    static let terminate = SIGTERM
    static let halt = SIGSTOP
    static let proceed = SIGCONT
}

/// What this process was given beside its standard streams, and the programs that it starts are not to have.
package enum InheritedDescriptors {
    /// Whoever waits for the end of such a descriptor would otherwise wait for programs in the background, too.
    package static func keep() {
        for descriptor in Int32(3)..<256 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }
}

extension EnsembleSupervisor {
    static let endings = [SIGTERM, SIGINT]
    /// The terminal that it was started from has gone, which is no reason to end.
    static let hangUp = SIGHUP
    static var ownIdentifier: Int32 { getpid() }
}
