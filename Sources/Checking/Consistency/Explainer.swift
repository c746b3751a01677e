/// Finds out how little of a history already contradicts itself.
///
/// Everything rests on one fact: taking an answer for unknown only allows more orders. So what is impossible with fewer
/// answers is impossible with all.
struct Explainer {
    let part: Part
    private(set) var effort: Effort
    /// What a question may take; most take a few hundred. One that takes more counts as answered with no.
    private static let placementsForPrefix = 1_000_000
    private static let placementsForCore = 10_000
    private static let placementsForCores = 100_000

    init(part: Part, effort: Effort) {
        self.part = part
        self.effort = effort
    }

    /// - Parameter longest: of the search that found the part impossible, as positions in the history.
    mutating func explain(longest: [Int]) -> Impossibility {
        let answered = (0..<part.count).filter { part.end($0) != nil }.sorted { part.end($0)! < part.end($1)! }
        let count = part.isRealTime ? shortestPrefix(of: answered) : answered.count
        let place = part.isRealTime ? part.end(answered[count - 1])! : Int.max
        let (core, isMinimal) = smallestCore(of: Array(answered[..<count]), through: place)
        let culprit = core.max { part.end($0)! < part.end($1)! }!
        let others = Set(answered.filter { part.end($0)! < part.end(culprit)! })
        return Impossibility(
            culprit: part.positions[culprit],
            partial: (part.isRealTime ? order(of: others, without: culprit) : nil) ?? longest,
            core: core.sorted { part.begin($0) < part.begin($1) }.map { part.positions[$0] }, isMinimal: isMinimal)
    }

    /// An order of what was answered before the culprit; `nil` where there is none, or it would take too long to find.
    private mutating func order(of answered: Set<Int>, without culprit: Int) -> [Int]? {
        var question = effort.part(Self.placementsForPrefix)
        defer { effort.add(question) }
        let result = part.search(keeping: answered.contains, through: part.end(culprit)!, &question)
        guard case .found(let order) = result else { return nil }
        return order.filter { $0 != culprit }.map { part.positions[$0] }
    }

    /// How many answers, in the order they came, are needed until no order explains them: what was linearizable until
    /// some moment is so until every earlier one. (An order that respects each client alone may need later writes.)
    private mutating func shortestPrefix(of answered: [Int]) -> Int {
        var (fine, impossible) = (0, answered.count)
        while fine + 1 < impossible {
            let middle = (fine + impossible) / 2
            let place = part.end(answered[middle - 1])!
            if isImpossible(Set(answered[..<middle]), through: place, within: Self.placementsForPrefix) == true {
                impossible = middle
            } else {
                fine = middle
            }
        }
        return impossible
    }

    /// `nil`: it would have taken too long to tell.
    private mutating func isImpossible(_ kept: Set<Int>, through place: Int, within placements: Int) -> Bool? {
        var question = effort.part(placements)
        defer { effort.add(question) }
        switch part.search(keeping: kept.contains, through: place, &question) {
        case .found: return false
        case .impossible: return true
        case .stopped: return nil
        }
    }

    /// Forgets answers as long as what is left stays impossible: first half of them at a time, at last one by one.
    private mutating func smallestCore(of answered: [Int], through place: Int) -> (core: [Int], isMinimal: Bool) {
        var core = answered
        var isMinimal = true
        let start = effort.placements
        var size = max(core.count / 2, 1)
        while true {
            var position = 0
            while position < core.count {
                let rest = Array(core[..<position] + core[min(position + size, core.count)...])
                let isSpent = effort.placements - start > Self.placementsForCores
                switch isSpent ? nil : isImpossible(Set(rest), through: place, within: Self.placementsForCore) {
                case true?: core = rest
                case false?: position += size
                case nil:
                    if size == 1 { isMinimal = false }
                    position += size
                }
            }
            if size == 1 { return (core, isMinimal) }
            size /= 2
        }
    }
}
