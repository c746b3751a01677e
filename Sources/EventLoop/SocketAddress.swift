import CLibuv

/// A numeric IPv4 or IPv6 address with a port.
package struct SocketAddress: Sendable, CustomStringConvertible {
    var storage: sockaddr_storage

    init(storage: sockaddr_storage) { self.storage = storage }

    /// - Returns: nil where `host` is a name, not a number.
    package init?(numericHost host: String, port: UInt16) {
        storage = sockaddr_storage()
        guard zoolab_address_parse(host, port, &storage) == 0 else { return nil }
    }

    package var port: UInt16 {
        get { withUnsafePointer(to: storage) { zoolab_address_port($0) } }
        set { zoolab_address_set_port(&storage, newValue) }
    }

    /// The numeric host, without brackets.
    package var host: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            let status = withUnsafePointer(to: storage) { zoolab_address_host($0, text.baseAddress, text.count) }
            return status == 0 ? String(cString: text.baseAddress!) : "?"
        }
    }

    package var description: String { Self.text(host: host, port: port) }

    /// "127.0.0.1:2181" or "[::1]:2181".
    package static func text(host: String, port: UInt16) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Addresses taken from one answer of the resolver.
    static let resolutionLimit: Int32 = 16

    static func all(in list: UnsafePointer<addrinfo>?, port: UInt16) -> [SocketAddress] {
        [sockaddr_storage](unsafeUninitializedCapacity: Int(resolutionLimit)) { buffer, count in
            count = Int(zoolab_addresses_copy(list, buffer.baseAddress, resolutionLimit))
        }.map { storage in
            var address = SocketAddress(storage: storage)
            address.port = port
            return address
        }
    }
}

extension EventLoop {
    /// Finds the addresses of `host`, blocking; for start-up, where nothing else waits.
    package func resolveBlocking(_ host: String, port: UInt16) throws(SystemFailure) -> [SocketAddress] {
        if let address = SocketAddress(numericHost: host, port: port) { return [address] }
        var request = uv_getaddrinfo_t()
        try SystemFailure.check(zoolab_resolve(pointer, &request, nil, host), .resolve, host)
        defer { uv_freeaddrinfo(request.addrinfo) }
        return SocketAddress.all(in: request.addrinfo, port: port)
    }

    /// Finds the addresses of `host` on a worker thread; numeric hosts are answered before this returns.
    func resolve(
        _ host: String, port: UInt16, then deliver: @escaping (Result<[SocketAddress], SystemFailure>) -> Void
    ) {
        if let address = SocketAddress(numericHost: host, port: port) { return deliver(.success([address])) }
        Resolution(host: host, port: port, deliver: deliver).start(on: self)
    }
}

/// One `uv_getaddrinfo_t`, alive until its answer has been delivered.
private final class Resolution {
    private let request = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
    private let host: String
    private let port: UInt16
    private let deliver: (Result<[SocketAddress], SystemFailure>) -> Void

    init(host: String, port: UInt16, deliver: @escaping (Result<[SocketAddress], SystemFailure>) -> Void) {
        (self.host, self.port, self.deliver) = (host, port, deliver)
    }

    deinit { request.deallocate() }

    func start(on loop: EventLoop) {
        let retained = Unmanaged.passRetained(self)
        request.pointee.data = retained.toOpaque()
        let status = zoolab_resolve(
            loop.pointer, request,
            { request, status, list in
                let owner = Unmanaged<Resolution>.fromOpaque(request!.pointee.data).takeRetainedValue()
                owner.finish(status, list)
            }, host)
        if status < 0 { retained.takeRetainedValue().finish(status, nil) }
    }

    private func finish(_ status: Int32, _ list: UnsafeMutablePointer<addrinfo>?) {
        defer { uv_freeaddrinfo(list) }
        guard status >= 0 else {
            return deliver(.failure(SystemFailure(.resolve, host, SystemErrorCode(rawValue: status))))
        }
        deliver(.success(SocketAddress.all(in: list, port: port)))
    }
}
