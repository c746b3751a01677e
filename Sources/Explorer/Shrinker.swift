/// Makes a list of events that breaks a promise as short as it gets, while it keeps breaking the same promise.
///
/// First it tries parts of a kind that only whoever knows the events can name, then pieces of what is left, ever smaller ones (Zeller and Hildebrandt, "Simplifying and isolating
/// failure-inducing input", IEEE TSE 2002), then every single event from the last to the first, until nothing can be
/// left out alone: the result is one-minimal. What it tries, and the result, depend on nothing but the list.
package struct Shrinker<Event> {
    /// Plays events, leaving out those that have become impossible.
    ///
    /// Returns the events that were played, up to the violation; `nil` when the promise was kept, or another broken.
    package let play: ([Event]) -> [Event]?
    /// Events that may have to go together: a crash and the restart after it. By position.
    package var groups: ([Event]) -> [[Int]] = { _ in [] }
    /// Parts that mean something: a node, a round. By position.
    package var parts: ([Event]) -> [[Int]] = { _ in [] }
    /// A list to be played where a part was left out, so that what stays can be found although it is called otherwise.
    package var adapted: ([Event]) -> [Event] = { $0 }
    /// A simpler event to put in the place of one; `nil` for the simplest. Must come to an end.
    package var simpler: (Event) -> Event? = { _ in nil }

    package init(play: @escaping ([Event]) -> [Event]?) { self.play = play }

    /// The shortest list it finds.
    ///
    /// - Complexity: O(*n*²) plays for *n* events at worst.
    package func shrunk(_ events: [Event]) -> [Event] {
        guard var events = play(events) else { return events }
        var size = Int.max
        while events.count < size {
            size = events.count
            dropParts(of: &events)
            dropPieces(of: &events)
            dropGroups(of: &events)
            dropSingles(of: &events)
            simplify(&events)
        }
        return events
    }

    /// Takes `candidate` if it still breaks the promise.
    private func accept(_ candidate: [Event], _ events: inout [Event]) -> Bool {
        guard let played = play(candidate) else { return false }
        events = played
        return true
    }

    private func dropParts(of events: inout [Event]) {
        var position = 0
        while position < parts(events).count {
            let part = parts(events)[position]
            let adapted = adapted(events)
            let candidate = adapted.indices.filter { !part.contains($0) }.map { adapted[$0] }
            if let played = play(candidate), played.count < events.count {
                events = played
            } else {
                position += 1
            }
        }
    }

    private func dropPieces(of events: inout [Event]) {
        var length = events.count / 2
        while length > 1 {
            var start = 0
            while start < events.count {
                var candidate = events
                candidate.removeSubrange(start..<min(start + length, events.count))
                if !accept(candidate, &events) { start += length }
            }
            length /= 2
        }
    }

    private func dropGroups(of events: inout [Event]) {
        var position = 0
        while position < groups(events).count {
            let group = groups(events)[position]
            let candidate = events.indices.filter { !group.contains($0) }.map { events[$0] }
            if !accept(candidate, &events) { position += 1 }
        }
    }

    private func dropSingles(of events: inout [Event]) {
        var position = events.count - 1
        while position >= 0 {
            var candidate = events
            candidate.remove(at: position)
            if accept(candidate, &events) {
                // What is left may allow what it did not allow before.
                position = events.count
            }
            position -= 1
        }
    }

    private func simplify(_ events: inout [Event]) {
        var position = 0
        while position < events.count {
            var candidate = events
            if let simple = simpler(events[position]) {
                candidate[position] = simple
                if accept(candidate, &events) { continue }
            }
            position += 1
        }
    }
}
