package import StateMachines
import WireProtocol

/// What one server is told at its start.
package struct CoreConfiguration: Hashable, Sendable {
    /// The high byte of session numbers; ZooKeeper's standalone server uses 1.
    package var serverID: UInt8 = 1
    /// The grain of session expiry.
    package var tickTime: Tick = .milliseconds(2_000)
    /// Clients' wishes are moved into this range; `nil` takes 2 and 20 ticks.
    package var minSessionTimeoutMilliseconds: Int32?
    package var maxSessionTimeoutMilliseconds: Int32?
    /// Longer frames close their connection.
    package var frameLimit = FrameBuffer.defaultLimit
    /// A connection that has not shaken hands by then is dropped.
    package var handshakeTimeout: Tick = .seconds(10)
    /// Connections from one address; 0 for no limit.
    package var connectionLimitPerAddress = 60
    /// Requests of one connection that may wait; beyond, the server stops reading from it.
    package var waitingRequestLimit = 1_000
    /// Four-letter words that are answered.
    package var commandWhitelist = FourLetterWord.defaultWhitelist
    /// Reports every observation as an effect.
    package var isObserving = false
    /// What clients are told of the program.
    package var versionText = "3.9.5-zoolab"

    package init() {}

    package var sessionTimeouts: ClosedRange<Int32> {
        let tick = Int32(clamping: tickTime.microseconds / 1_000)
        let lowest = max(minSessionTimeoutMilliseconds ?? tick &* 2, 1)
        return lowest...max(maxSessionTimeoutMilliseconds ?? tick &* 20, lowest)
    }
}
