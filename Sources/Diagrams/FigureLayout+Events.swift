import Messages
import StateMachines
import Traces

extension FigureLayout {
    /// Gives one event its height and draws what it is on its own lane.
    mutating func place(_ index: Int) {
        let event = reading.events[index]
        let lane = reading.laneOfEvent[index]
        if event.kind != .send { openSend[lane] = nil }
        switch event.kind {
        case .send: placeSend(index, lane)
        case .receive: placeReceive(index, lane)
        case .drop, .duplicate: heightOfEvent[index] = max(floor, heightOfSend(before: index))
        case .timerSet: placeSign(.timerSet, index, lane)
        case .timerFire: placeSign(.timerFire, index, lane)
        case .persist: placeSign(.persist, index, lane)
        case .persisted: placePersisted(index, lane)
        case .crash: placeCrash(index, lane)
        case .restart: placeRestart(index, lane)
        case .pause:
            placeSign(.pause, index, lane)
            changeSegment(lane, to: .paused, at: heightOfEvent[index])
        case .resume:
            placeSign(.resume, index, lane)
            changeSegment(lane, to: .up, at: heightOfEvent[index])
        case .skew: placeSign(.skew, index, lane)
        case .partition, .heal: placeNetworkFault(index)
        case .invoke: placeSign(.call, index, lane)
        case .respond: placeAnswer(index, lane)
        case .state: placeStateEvent(index, lane)
        case .phaseBegin, .phaseEnd: placePhase(index, lane)
        case .decide: placeDecision(index, lane)
        case .note: placeBeside(.note, index, lane)
        case .annotate: placeBeside(.annotation, index, lane)
        case .sessionOpen: placeSign(.sessionOpen, index, lane)
        case .sessionExpire: placeSign(.sessionExpire, index, lane)
        case .watchSet: placeSign(.watchSet, index, lane)
        case .watchFire: placeSign(.watchFire, index, lane)
        case .connectionLoss: placeSign(.connectionLoss, index, lane)
        case .checkBegin: placeSign(.checkBegin, index, lane)
        case .checkEnd: placeSign(.checkEnd, index, lane)
        case .violation: placeViolation(index)
        }
        placeState(index, lane)
    }

    // MARK: Messages

    /// Sends of one moment to different peers leave from one point, like a fan.
    private mutating func placeSend(_ index: Int, _ lane: Int) {
        let event = reading.events[index]
        if let open = openSend[lane], options.order == .time, !open.peers.contains(event.peer) {
            heightOfEvent[index] = open.height
            openSend[lane] = (index, open.height, open.peers + [event.peer])
            return
        }
        let height = max(cursor[lane], floor)
        heightOfEvent[index] = height
        openSend[lane] = (index, height, [event.peer])
        cursor[lane] = height + 12
    }

    private mutating func placeReceive(_ index: Int, _ lane: Int) {
        let height = max(cursor[lane], floor, heightOfSend(before: index))
        heightOfEvent[index] = height
        cursor[lane] = height + 12
    }

    /// A message never arrives above its send, even in the same instant.
    private func heightOfSend(before index: Int) -> Double {
        guard let flight = flightOfEvent(index), let send = reading.flights[flight].send else { return 0 }
        return heightOfEvent[send]
    }

    // MARK: Signs with words beside them

    private mutating func placeSign(_ kind: Figure.Glyph.Kind, _ index: Int, _ lane: Int) {
        let text = sideText(index) ?? ""
        let style = Figure.Label.Style.side
        let lines =
            text.isEmpty ? [] : TextMetrics.wrapped(text, to: sideRoom(lane), size: style.fontSize, limit: 3)
        placeSign(kind, style, lines, index, lane)
    }

    /// Puts a sign on the lane and its words beside it, as high as both find room.
    private mutating func placeSign(
        _ kind: Figure.Glyph.Kind, _ style: Figure.Label.Style, _ lines: [String], _ index: Int, _ lane: Int
    ) {
        let x = figure.lanes[lane].x
        let size = lines.isEmpty ? (0, 0) : style.size(of: lines)
        let half = max(kind.size, size.1) / 2
        var y = max(cursor[lane], floor) + half
        let tooltip = tooltip(of: index)
        let distance = kind.size / 2 + 4
        while true {
            let glyph = Figure.Glyph(kind: kind, center: Point(x, y), tooltip: tooltip, events: [order(index)])
            let right = Self.box(style, lines, at: Point(x + distance, y), anchor: .left)
            let left = Self.box(style, lines, at: Point(x - distance, y), anchor: .right)
            let choices = lane == 0 && figure.lanes.count > 1 ? [left, right] : [right, left]
            if space.isFree(glyph.box), let box = lines.isEmpty ? choices[0] : choices.first(where: space.isFree) {
                figure.glyphs.append(glyph)
                space.take(glyph.box)
                if !lines.isEmpty {
                    space.take(box)
                    let isFramed = style != .side
                    figure.labels.append(
                        .init(
                            style: style, lines: lines, box: box,
                            alignment: isFramed ? .center : box == right ? .left : .right, tooltip: tooltip,
                            events: [order(index)]))
                }
                break
            }
            y += 4
        }
        heightOfEvent[index] = y
        cursor[lane] = y + half + 4
    }

    private mutating func placePersisted(_ index: Int, _ lane: Int) {
        placeSign(.persisted, index, lane)
        guard let first = reading.firstWrite[index] else { return }
        figure.segments.append(
            .init(
                style: .writing, x: figure.lanes[lane].x, top: heightOfEvent[first], bottom: heightOfEvent[index],
                tooltip: tooltip(of: index), events: [order(first), order(index)]))
    }

    private mutating func placeCrash(_ index: Int, _ lane: Int) {
        placeSign(.crash, index, lane)
        changeSegment(lane, to: .down, at: heightOfEvent[index])
        shownState[lane] = nil
    }

    private mutating func placeRestart(_ index: Int, _ lane: Int) {
        placeSign(.restart, index, lane)
        changeSegment(lane, to: .up, at: heightOfEvent[index])
    }

    private mutating func placeAnswer(_ index: Int, _ lane: Int) {
        placeSign(.answer, index, lane)
        guard let call = reading.partner[index] else { return }
        figure.segments.append(
            .init(
                style: .operation, x: figure.lanes[lane].x, top: heightOfEvent[call], bottom: heightOfEvent[index],
                tooltip: tooltip(of: call) + "\n" + tooltip(of: index), events: [order(call), order(index)]))
    }

    /// A call without an answer lasts to the end, or until its node went down.
    mutating func placeUnanswered(_ index: Int) {
        guard reading.partner[index] == nil else { return }
        let lane = reading.laneOfEvent[index]
        let crash = reading.events.indices[index...].first {
            reading.events[$0].kind == .crash && reading.laneOfEvent[$0] == lane
        }
        figure.segments.append(
            .init(
                style: .operation, x: figure.lanes[lane].x, top: heightOfEvent[index],
                bottom: crash.map { heightOfEvent[$0] } ?? floor, tooltip: tooltip(of: index), events: [order(index)]))
    }

    private mutating func placeBeside(_ style: Figure.Label.Style, _ index: Int, _ lane: Int) {
        let text = reading.events[index].label ?? reading.events[index].payload ?? "…"
        let lines = TextMetrics.wrapped(
            text, to: sideRoom(lane) - 2 * style.padding.x, size: style.fontSize, limit: 6)
        placeSign(.dot, style, lines, index, lane)
    }

    // MARK: Boxes on the lane

    /// The state box, where the state is new.
    private mutating func placeState(_ index: Int, _ lane: Int) {
        guard let text = boxText(reading.events[index]), text != shownState[lane] else { return }
        shownState[lane] = text
        placeBox(.state, text, index, lane)
        openSend[lane] = nil
    }

    /// A state event that tells nothing new still leaves a mark.
    private mutating func placeStateEvent(_ index: Int, _ lane: Int) {
        let text = boxText(reading.events[index])
        heightOfEvent[index] = max(cursor[lane], floor)
        if text == nil || text == shownState[lane] { placeSign(.dot, index, lane) }
    }

    private mutating func placeDecision(_ index: Int, _ lane: Int) {
        let event = reading.events[index]
        let word = event.label ?? say(DiagramMessages.decided)
        let text = event.payload.map { say(DiagramMessages.about($0, word)) } ?? word
        let lowered = word.lowercased()
        let style: Figure.Label.Style =
            lowered.contains("abort") || lowered.contains("cancel")
            ? .abort : lowered.contains("commit") || lowered.contains("confirm") ? .commit : .decision
        placeBox(style, text, index, lane)
        heightOfEvent[index] = cursor[lane] - 7
    }

    private mutating func placeBox(_ style: Figure.Label.Style, _ text: String, _ index: Int, _ lane: Int) {
        let room = widestOnLane(lane) - 2 * style.padding.x
        let lines = TextMetrics.wrapped(text, to: room, size: style.fontSize, limit: 4, isBold: style.isBold)
        var top = max(cursor[lane], floor, heightOfEvent[index] + 6)
        let height = style.size(of: lines).height
        var box = Self.box(style, lines, at: Point(figure.lanes[lane].x, top + height / 2), anchor: .center)
        while !space.isFree(box) {
            top += 4
            box = box.moved(down: 4)
        }
        space.take(box)
        figure.labels.append(
            .init(
                style: style, lines: lines, box: box, alignment: .center, tooltip: tooltip(of: index),
                events: [order(index)]))
        cursor[lane] = box.bottom + 7
    }

    // MARK: What concerns every lane

    /// Ends everything above and returns where the next thing may begin.
    private mutating func barrier(below distance: Double = 6) -> Double {
        bottom + distance
    }

    mutating func liftAll(to height: Double) {
        for lane in cursor.indices {
            cursor[lane] = max(cursor[lane], height)
            openSend[lane] = nil
        }
    }

    private mutating func placeNetworkFault(_ index: Int) {
        let top = barrier()
        heightOfEvent[index] = top
        let partition = reading.partitions.first { $0.begin == index || $0.end == index }
        let isBegin = reading.events[index].kind == .partition
        var bottom = top
        for (lanes, text) in networkTags(partition, isBegin: isBegin, index) {
            let center = (figure.lanes[lanes.lowerBound].x + figure.lanes[lanes.upperBound].x) / 2
            let span = figure.lanes[lanes.upperBound].x - figure.lanes[lanes.lowerBound].x
            let style = Figure.Label.Style.partition
            let room = max(span, widestOnLane(lanes.lowerBound)) - 2 * style.padding.x
            let lines = TextMetrics.wrapped(text, to: room, size: style.fontSize, limit: 3, isBold: true)
            let height = style.size(of: lines).height
            let box = add(
                style, lines, at: Point(center, top + 3 + height / 2), tooltip: tooltip(of: index),
                events: [order(index)])
            bottom = max(bottom, box.bottom)
        }
        liftAll(to: bottom + 9)
    }

    /// One tag for each run of neighbouring lanes on one side; the first says what it is.
    private func networkTags(
        _ partition: RunReading.Partition?, isBegin: Bool, _ index: Int
    ) -> [(ClosedRange<Int>, String)] {
        let everything = 0...(figure.lanes.count - 1)
        guard let partition, !partition.groups.isEmpty else {
            let word = reading.events[index].label ?? ""
            return [(everything, say(isBegin ? DiagramMessages.partition(word) : DiagramMessages.healed))]
        }
        guard isBegin else { return [(everything, say(DiagramMessages.healed))] }
        if partition.isOneWay {
            let names = partition.groups.map { $0.map { figure.lanes[$0].name }.joined(separator: ", ") }
            return [(everything, say(DiagramMessages.oneWay(names[0], names.count > 1 ? names[1] : "…")))]
        }
        var tags: [(ClosedRange<Int>, String)] = []
        for run in runs(of: partition) {
            let side = partition.groups[run.group].map { figure.lanes[$0].name }.joined(separator: ", ")
            tags.append((run.lanes, tags.isEmpty ? say(DiagramMessages.partition(side)) : side))
        }
        return tags
    }

    /// Neighbouring lanes on one side of a partition, from left to right.
    func runs(of partition: RunReading.Partition) -> [(group: Int, lanes: ClosedRange<Int>)] {
        var runs: [(group: Int, lanes: ClosedRange<Int>)] = []
        for lane in figure.lanes.indices {
            guard let group = partition.groups.firstIndex(where: { $0.contains(lane) }) else { continue }
            if let last = runs.last, last.group == group, last.lanes.upperBound == lane - 1 {
                runs[runs.count - 1].lanes = last.lanes.lowerBound...lane
            } else {
                runs.append((group, lane...lane))
            }
        }
        return runs
    }

    private mutating func placePhase(_ index: Int, _ lane: Int) {
        let isBegin = reading.events[index].kind == .phaseBegin
        guard let phase = reading.phase(at: index), phase.isAlone else {
            if isBegin {
                placeBox(.phase, reading.events[index].label ?? say(DiagramMessages.phase), index, lane)
            } else {
                placeSign(.dot, index, lane)
            }
            return
        }
        let top = barrier(below: isBegin ? 6 : 2)
        heightOfEvent[index] = top
        guard isBegin else { return liftAll(to: top + 6) }
        let style = Figure.Label.Style.phase
        let text = reading.events[index].label ?? say(DiagramMessages.phase)
        let lines = TextMetrics.wrapped(
            text, to: leftRoom + gaps.reduce(0, +) - 20, size: style.fontSize, limit: 2, isBold: true)
        let box = add(
            style, lines, at: Point(frameLeft + 4 * Double(phase.depth), top + style.size(of: lines).height / 2),
            anchor: .left, tooltip: tooltip(of: index), events: [order(index)])
        figure.labels[figure.labels.count - 1].alignment = .center
        liftAll(to: box.bottom + 4)
    }

    private mutating func placeViolation(_ index: Int) {
        let event = reading.events[index]
        let style = Figure.Label.Style.violation
        let text = say(
            event.label.map { DiagramMessages.violated($0, event.payload) } ?? DiagramMessages.violation)
        let left = frameLeft
        let room = frameRight - left
        let lines = TextMetrics.wrapped(
            text, to: room - 2 * style.padding.x - 24, size: style.fontSize, limit: 6, isBold: true)
        // The words of messages that have just been sent and never arrive stand lower than where they were sent.
        let hasSentLast = reading.flights.contains { flight in
            guard flight.outcome == .inFlight, let send = flight.send, send < index else { return false }
            return heightOfEvent[send] > bottom - 16
        }
        let top = barrier(below: hasSentLast ? 32 : 12)
        let height = style.size(of: lines).height
        let box = add(
            style, lines, at: Point(left + room / 2, top + height / 2), tooltip: tooltip(of: index),
            events: [order(index)])
        // The words of messages on their way past it stay out of its frame.
        space.take(Box(left: frameLeft, top: box.top - 8, right: frameRight, bottom: box.bottom + 8))
        heightOfEvent[index] = box.center.y
        liftAll(to: box.bottom + 12)
    }
}
