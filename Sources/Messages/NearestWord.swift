/// How many letters have to be put in, left out, changed or swapped with their neighbour to make one word the other
/// (the optimal string alignment distance); for “did you mean”.
/// - Complexity: O(*n*·*m*) in characters; both are words a person typed.
public func editDistance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for (row, character) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            let change = previous[column] + (character == other ? 0 : 1)
            var distance = min(change, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, character == right[column - 1], other == left[row - 1] {
                distance = min(distance, beforePrevious[column - 1] + 1)
            }
            current.append(distance)
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[right.count]
}

/// The word that was probably meant: at most two letters away from `word` (one, for words of up to three letters),
/// upper and lower case being the same; the earliest of equals.
public func nearestWord(to word: String, among candidates: [String]) -> String? {
    let wanted = word.lowercased()
    let limit = word.count <= 3 ? 1 : 2
    // Each letter more or less is a step, so that most candidates need no closer look.
    let ranked = candidates.filter { abs($0.count - wanted.count) <= limit }
        .map { (word: $0, distance: editDistance($0.lowercased(), wanted)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= limit ? best.word : nil
}
