package import Bytes

/// What the server that dials another one's election port says first, without a length before it.
///
/// - Source: ZooKeeper's `QuorumCnxManager.InitialMessage`.
package struct ElectionHello: JuteRecord {
    package enum Form: Int64, Hashable, Sendable {
        /// One address; what ZooKeeper sends unless `multiAddress.enabled`.
        case oneAddress = -65_536
        /// Several addresses, separated by “|”.
        case severalAddresses = -65_535
    }

    /// Stands for an observer whose configuration gives it no number; the acceptor finds one below zero for it.
    package static let unnamedObserver = Int64.max
    /// The longest list of addresses that is believed, in bytes.
    package static let addressByteLimit = 2_048

    /// `nil` for servers older than 3.5, which say their number and nothing else.
    package var form: Form?
    package var serverID: Int64
    /// "host:port" or "host:port|host:port": where the sender's own election port is. Empty in the oldest form.
    package var addressText: ByteString

    package init(form: Form?, serverID: Int64, addressText: ByteString) {
        self.form = form
        self.serverID = serverID
        self.addressText = addressText
    }

    /// As ZooKeeper says it: several addresses take the newer form.
    package init(serverID: Int64, endpoints: [QuorumEndpoint]) {
        form = endpoints.count > 1 ? .severalAddresses : .oneAddress
        self.serverID = serverID
        addressText = ByteString(endpoints.map(\.description).joined(separator: "|"))
    }

    /// The addresses that can be read; ZooKeeper passes over the others too.
    package var endpoints: [QuorumEndpoint] {
        addressText.description.split(separator: "|").compactMap { QuorumEndpoint(String($0)) }
    }

    /// - Throws: `.unknownValue` for a version that nobody speaks, `.unreasonableLength` for an address text that is not
    ///   1 to `addressByteLimit` bytes long.
    package init(from reader: inout ByteReader) throws(ByteError) {
        let start = reader.offset
        let first = try reader.readInt64()
        guard first < 0 else {
            self.init(form: nil, serverID: first, addressText: "")
            return
        }
        guard let form = Form(rawValue: first) else { throw .unknownValue(Int(first), offset: start) }
        let serverID = try reader.readInt64()
        let length = Int(try reader.readInt32())
        guard length >= 1, length <= Self.addressByteLimit else {
            throw .unreasonableLength(length, limit: Self.addressByteLimit, offset: start + 16)
        }
        self.init(form: form, serverID: serverID, addressText: ByteString(bytes: try reader.readBytes(length)))
    }

    package func encode(into writer: inout ByteWriter) {
        guard let form else { return writer.write(serverID) }
        writer.write(form.rawValue)
        writer.write(serverID)
        writer.writeString(addressText)
    }
}
