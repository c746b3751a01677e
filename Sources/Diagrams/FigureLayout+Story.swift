import Messages
import StateMachines
import Traces

extension FigureLayout {
    /// More faults or decisions than this are only counted.
    private static let longestStory = 40

    /// The run in one paragraph: who, how much, what went wrong, how it ended.
    func story() -> String {
        let name = figure.title.isEmpty ? say(DiagramMessages.unnamedRun) : figure.title
        let span = (reading.events.last?.time ?? .zero) - (reading.events.first?.time ?? .zero)
        var sentences = [
            DiagramMessages.storyOpening(
                name, nodes: reading.lanes.joined(separator: ", "), events: reading.events.count,
                time: span.shortText(in: options.language)),
            DiagramMessages.storyMessages(
                sent: reading.events.count { $0.kind == .send },
                delivered: reading.events.count { $0.kind == .receive },
                lost: reading.events.count { $0.kind == .drop },
                duplicated: reading.events.count { $0.kind == .duplicate }),
        ]
        let told = reading.events.compactMap(sentence(of:))
        sentences += told.prefix(Self.longestStory)
        if told.count > Self.longestStory {
            sentences.append(DiagramMessages.storyMore(told.count - Self.longestStory))
        }
        return sentences.map(say).joined(separator: options.language == .english ? " " : "")
    }

    private func sentence(of event: Event) -> LocalizedText? {
        let time = event.time.shortText(in: options.language)
        switch event.kind {
        case .crash: return DiagramMessages.storyCrash(event.node, time)
        case .restart: return DiagramMessages.storyRestart(event.node, time)
        case .partition: return DiagramMessages.storyPartition(event.label ?? event.node, time)
        case .heal: return DiagramMessages.storyHeal(time)
        case .decide:
            let word = event.label ?? say(DiagramMessages.decided)
            let outcome = event.payload.map { say(DiagramMessages.about($0, word)) } ?? word
            return DiagramMessages.storyDecision(event.node, outcome, time)
        case .violation:
            return DiagramMessages.storyViolation(
                [event.label, event.payload].compactMap { $0 }.joined(separator: " — "), time)
        case .send, .receive, .drop, .duplicate, .timerSet, .timerFire, .persist, .persisted, .pause, .resume, .skew,
            .invoke, .respond, .state, .phaseBegin, .phaseEnd, .note, .annotate, .sessionOpen, .sessionExpire,
            .watchSet, .watchFire, .connectionLoss, .checkBegin, .checkEnd:
            return nil
        }
    }
}
