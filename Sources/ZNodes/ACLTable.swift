import Bytes
package import WireProtocol

/// Keeps each different list of access rules once; nodes hold its number.
struct ACLTable: Sendable {
    struct Entry: Sendable {
        var acl: [ACL]
        /// What the list allows to everyone.
        var worldPermissions: Permissions
        var uses: Int
    }

    private(set) var entries: [Entry] = []
    private var numbers: [[ACL]: Int32] = [:]
    private var free: [Int32] = []
    /// What was asked for last is nearly always asked for next.
    private var latest: Int32 = -1

    mutating func intern(_ acl: [ACL]) -> Int32 {
        if latest >= 0, entries[Int(latest)].uses > 0, entries[Int(latest)].acl == acl {
            entries[Int(latest)].uses += 1
            return latest
        }
        latest = number(for: acl)
        return latest
    }

    private mutating func number(for acl: [ACL]) -> Int32 {
        if let number = numbers[acl] {
            entries[Int(number)].uses += 1
            return number
        }
        let entry = Entry(acl: acl, worldPermissions: acl.worldPermissions, uses: 1)
        let number: Int32
        if let reused = free.popLast() {
            number = reused
            entries[Int(number)] = entry
        } else {
            number = Int32(entries.count)
            entries.append(entry)
        }
        numbers[acl] = number
        return number
    }

    /// The number of a list that some node uses.
    func number(of acl: [ACL]) -> Int32? { numbers[acl] }

    /// One more use of a list that is there.
    mutating func retain(_ number: Int32) { entries[Int(number)].uses += 1 }

    mutating func release(_ number: Int32) {
        entries[Int(number)].uses -= 1
        guard entries[Int(number)].uses == 0 else { return }
        numbers[entries[Int(number)].acl] = nil
        entries[Int(number)].acl = []
        free.append(number)
    }
}

extension [ACL] {
    /// What the list allows to everyone; an empty one allows everything.
    package var worldPermissions: Permissions {
        if isEmpty { return .all }
        return reduce(into: Permissions()) { world, rule in
            if rule.isForEverybody { world.formUnion(rule.permissions) }
        }
    }
}
