package import Messages

// MARK: - Along a branch

extension TimeTravel {
    /// Goes back; a branch keeps its tip, so that one can go forward again.
    /// - Returns: false at the beginning.
    package mutating func goBack(_ count: Int = 1) throws(TimeTravelFailure) -> Bool {
        var target = here
        for _ in 0..<count {
            guard let parent = moments[target].parent else { break }
            target = parent
        }
        guard target != here else { return false }
        try go(to: target)
        return true
    }

    /// Goes forward along the current branch.
    /// - Returns: false at its tip.
    package mutating func goForward() throws(TimeTravelFailure) -> Bool {
        guard let next = nextOnBranch else { return false }
        try go(to: next)
        return true
    }

    package mutating func goToBeginning() throws(TimeTravelFailure) { try go(to: 0) }
    package mutating func goToTip() throws(TimeTravelFailure) { try go(to: branches[current].tip) }
}

// MARK: - From branch to branch

extension TimeTravel {
    /// Begins a branch here, and goes on in it.
    ///
    /// - Parameter name: `nil` for the first free number.
    /// - Throws: when there is a branch of this name, or no room for another.
    package mutating func fork(named name: String? = nil) throws(BranchError) {
        guard branches.count < Self.maximumBranches else { throw .tooMany(Self.maximumBranches) }
        if let name, branches.contains(where: { $0.name == name }) { throw .nameTaken(name) }
        addBranch(named: name ?? freeName)
    }

    /// Goes to the tip of another branch.
    /// - Precondition: there is one at this position.
    package mutating func goToBranch(_ position: Int) throws(TimeTravelFailure) {
        let before = current
        current = position
        do {
            try go(to: branches[position].tip)
        } catch {
            current = before
            throw error
        }
    }

    mutating func addBranch(named name: String) {
        branches.append(Branch(name: name, tip: here, origin: Branch.Origin(branch: current, moment: here)))
        current = branches.count - 1
    }

    /// "2", "3"…
    var freeName: String {
        var number = 2
        while branches.contains(where: { $0.name == "\(number)" }) { number += 1 }
        return "\(number)"
    }

    /// The branches as a tree: each behind the one that it leaves, with how deep it stands.
    package var branchTree: [(branch: Int, level: Int)] {
        var tree: [(branch: Int, level: Int)] = []
        func add(_ branch: Int, _ level: Int) {
            tree.append((branch, level))
            for (position, other) in branches.enumerated() where other.origin?.branch == branch {
                add(position, level + 1)
            }
        }
        add(0, 0)
        return tree
    }
}

// MARK: - Replay files

extension TimeTravel {
    /// Appends a recorded run to a branch of its own that begins at the beginning.
    ///
    /// - Returns: how many of its steps were possible; the others, and all after the first of them, are left out.
    package mutating func add(
        _ steps: [TimedStep<Node.Command>], asBranch name: String
    ) throws -> Int {
        try goToBeginning()
        if branches[current].tip != 0 { try fork(named: name) }
        for (index, step) in steps.enumerated() {
            guard try make(.recorded(step)) else { return index }
        }
        return steps.count
    }
}

/// A branch that cannot be made.
package enum BranchError: LocalizedFailure, Hashable {
    case nameTaken(String)
    case tooMany(Int)

    package var message: LocalizedText {
        switch self {
        case .nameTaken(let name): SimulatorMessages.branchNameTaken(name)
        case .tooMany(let limit): SimulatorMessages.tooManyBranches(limit)
        }
    }
}

/// A run that came out differently when the same decisions were played again.
package struct TimeTravelFailure: LocalizedFailure, Hashable {
    /// The decision that first led elsewhere, from 1.
    package var step: Int

    package var message: LocalizedText { SimulatorMessages.doesNotRepeat(step: step) }
}
