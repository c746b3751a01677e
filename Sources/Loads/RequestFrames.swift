import Bytes
import StateMachines
import WireProtocol

/// The requests of a load as bytes, made before anything is measured; only their numbers are missing.
struct RequestFrames {
    private var bytes: [UInt8] = []
    private var ranges: [Range<Int>] = []

    init(_ requests: [ClientRequest]) {
        for request in requests {
            let frame = request.frame(xid: 0)
            ranges.append(bytes.count..<bytes.count + frame.count)
            bytes += frame
        }
    }

    /// Appends the request of this place with its number, which follows the frame's length.
    func append(_ place: Int, xid: Int32, to buffer: inout [UInt8]) {
        let start = buffer.count + 4
        buffer.append(contentsOf: bytes[ranges[place]])
        let number = UInt32(bitPattern: xid)
        for index in 0..<4 { buffer[start + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32(index))) }
    }
}

/// What one connection of a load asks for, one request after the other.
struct RequestSource {
    private let frames: RequestFrames
    private let work: Load.Work
    private var random: SplitMix64
    private var count: Int32 = 0

    /// - Parameter connection: its number, which draws other nodes and names another ephemeral node.
    init(_ load: Load, _ shared: RequestFrames, connection: Int) {
        work = load.work
        random = SplitMix64(seed: UInt64(connection))
        frames = load.work == .ephemerals ? Self.ephemerals(load, connection) : shared
    }

    /// What all connections of a load that reads and writes nodes ask for: all reads, then all writes.
    static func shared(_ load: Load) -> RequestFrames {
        guard load.work != .ephemerals else { return RequestFrames([]) }
        let paths = (0..<LoadGround.nodeCount).map { ByteString(LoadGround.path($0)) }
        let data = LoadGround.data(load.byteCount)
        return RequestFrames(
            paths.map { .getData(PathWatchRequest(path: $0)) }
                + paths.map { .setData(SetDataRequest(path: $0, data: data, version: -1)) })
    }

    private static func ephemerals(_ load: Load, _ connection: Int) -> RequestFrames {
        let path = ByteString(LoadGround.root + "/e\(connection)")
        return RequestFrames([
            .create(CreateRequest(path: path, data: LoadGround.data(load.byteCount), mode: .ephemeral)),
            .delete(PathVersionRequest(path: path, version: -1)),
        ])
    }

    mutating func appendNext(to buffer: inout [UInt8]) {
        let place: Int
        switch work {
        case .ephemerals: place = Int(count % 2)
        case .nodes(let readPercent):
            let node = Int(random.next() % UInt64(LoadGround.nodeCount))
            place = Int(random.next() % 100) < readPercent ? node : LoadGround.nodeCount + node
        }
        count = count == .max ? 1 : count + 1
        frames.append(place, xid: count, to: &buffer)
    }
}
