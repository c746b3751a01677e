package import Bytes

extension DataTree {
    /// Visits a node and everything below it: parents first, children by name.
    ///
    /// - Parameter visit: gets the node's number, its path, and its depth below `start`; false skips what is below it.
    package func walk(
        from start: NodeNumber = 0, _ visit: (NodeNumber, _ path: ByteString, _ depth: Int) throws -> Bool
    ) rethrows {
        var pending = [(number: start, path: path(start), depth: 0)]
        while let next = pending.popLast() {
            guard try visit(next.number, next.path, next.depth) else { continue }
            let prefix = next.number == 0 ? [] : next.path.bytes
            for name in children(next.number).sorted().reversed() {
                let path = ByteString(bytes: prefix + [NodePath.slash] + name.bytes)
                guard let number = find(path) else { continue }
                pending.append((number, path, next.depth + 1))
            }
        }
    }
}
