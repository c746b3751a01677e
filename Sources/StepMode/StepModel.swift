package import Messages
package import Scenarios
import Simulator
package import Terminal

/// What the step mode shows and how it answers keys: a value, without a terminal.
package struct StepModel: Sendable {
    /// What the keys mean now.
    package enum Mode: Sendable {
        case running
        /// Digits of a number that could still become another.
        case number(String)
        case choosing(Question)
        case typing(Field, LineEditor)
        /// Reading something long; how many lines are above the window, from its end where `fromEnd`.
        case reading(Page)
        case branches(String)
    }

    /// A question whose answer is a number.
    package struct Question: Sendable {
        package enum Purpose: Hashable, Sendable { case drop, duplicate, timer, why, crash, restart, pause }
        package var purpose: Purpose
        /// Positions of the choices or nodes that can be meant.
        package var positions: [Int]
        package var typed = ""

        package var isAboutNodes: Bool {
            switch purpose {
            case .drop, .duplicate, .timer, .why: false
            case .crash, .restart, .pause: true
            }
        }
    }

    package enum Field: Hashable, Sendable { case partition, fault, branch, file(usual: String) }

    package struct Page: Sendable {
        package enum Content: Sendable {
            case reason(SteppedReason)
            case diagram
        }
        package var content: Content
        /// Lines above the window; larger numbers than there are lines mean the end.
        package var offset: Int
    }

    /// What only the world outside can do.
    package enum Request: Hashable, Sendable {
        case save(path: String)
        case quit
        case interrupt
    }

    package let language: Language
    package private(set) var run: any SteppedRun
    package private(set) var state: SteppedState
    package private(set) var mode = Mode.running
    /// A line about the latest key.
    package var remark: LocalizedText?
    package var isRemarkBad = false
    package private(set) var showsRoutine = false
    /// Choices above the window.
    package private(set) var offset = 0
    /// Until the first key the story stands where the news will be.
    package private(set) var isFresh = true

    /// A number has two digits, and 22 means something else.
    package static let longestList = 21

    package init(_ run: any SteppedRun, language: Language) {
        self.language = language
        self.run = run
        state = run.state
    }

    /// The choices that have a number, in their order: positions in `state.choices`.
    package var listed: [Int] {
        if case .choosing(let question) = mode, !question.isAboutNodes { return question.positions }
        return numbered
    }

    private var numbered: [Int] {
        Array(state.choices.indices.filter { showsRoutine || !state.choices[$0].isRoutine }.prefix(Self.longestList))
    }

    package var hiddenCount: Int { showsRoutine ? 0 : state.choices.count { $0.isRoutine } }

    // MARK: Keys

    /// Answers a key.
    /// - Returns: what has to be done outside.
    package mutating func handle(_ key: Key) -> Request? {
        switch key {
        case .resize: return nil
        case .interrupt: return .interrupt
        case .endOfInput: return .quit
        default: break
        }
        (remark, isRemarkBad) = (nil, false)
        switch mode {
        case .running: return handleWhileRunning(key)
        case .number(let typed): handleNumber(typed, key)
        case .choosing(let question): handle(key, answering: question)
        case .typing(let field, let editor): return handle(key, typing: editor, into: field)
        case .reading(let page): handle(key, reading: page)
        case .branches(let typed): handle(key, amongBranches: typed)
        }
        return nil
    }

    private mutating func handleWhileRunning(_ key: Key) -> Request? {
        switch key {
        case .character(" "), .character("　"): attempt(else: StepMessages.impossible) { try $0.next() }
        case .character("q"), .character("Q"), .control("d"): return .quit
        case .character("b"), .left, .backspace: attempt(else: StepMessages.atBeginning) { try $0.back() }
        case .right: attempt(else: StepMessages.atTip) { try $0.forward() }
        case .home:
            attempt { run in
                try run.toBeginning(); return true
            }
        case .end:
            attempt { run in
                try run.toTip(); return true
            }
        case .up: offset = max(0, offset - 1)
        case .down: offset = min(max(0, listed.count - 1), offset + 1)
        case .character("v"): showsRoutine.toggle()
        case .character("h"): inject("heal")
        case .character("g"): mode = .reading(Page(content: .diagram, offset: .max))
        case .character("s"): mode = .typing(.file(usual: usualFile), LineEditor())
        case .character("f"): mode = .branches("")
        case .character("/"): mode = .typing(.partition, LineEditor())
        case .character(":"), .character("："): mode = .typing(.fault, LineEditor())
        case .character("m"): shrink()
        case .character("?"), .character("？"): ask(.why, numbered)
        case .character(let letter): handleLetter(letter)
        case .enter, .escape, .tab, .pageUp, .pageDown, .delete, .control, .resize, .interrupt, .endOfInput: break
        }
        return nil
    }

    private mutating func handleLetter(_ letter: Character) {
        func choices(_ kind: SteppedState.Choice.Kind) -> [Int] {
            state.choices.indices.filter { state.choices[$0].kind == kind }
        }
        func nodes(_ conditions: SteppedState.Node.Condition...) -> [Int] {
            state.nodes.indices.filter { conditions.contains(state.nodes[$0].condition) }
        }
        switch letter {
        case "d": ask(.drop, choices(.message))
        case "t": ask(.timer, choices(.timer))
        case "c": ask(.crash, nodes(.up, .paused))
        case "r": ask(.restart, nodes(.down))
        case "p": ask(.pause, nodes(.up, .paused))
        default: if letter.wholeNumberValue != nil { handleNumber("", .character(letter)) }
        }
    }

    // MARK: Doing

    /// Does something to the run, and says where that is not possible.
    private mutating func attempt(
        else refusal: LocalizedText = StepMessages.impossible, _ body: (inout any SteppedRun) throws -> Bool
    ) {
        do {
            if try !body(&run) { complain(refusal) }
        } catch let failure as any LocalizedFailure {
            complain(failure.message)
        } catch {
            complain(CommandMessages.failed("\(error)"))
        }
        state = run.state
        (offset, isFresh) = (0, false)
    }

    package mutating func complain(_ text: LocalizedText) { (remark, isRemarkBad) = (text, true) }

    private mutating func inject(_ fault: String) { attempt { try $0.inject(fault) } }

    private mutating func shrink() {
        let broken = state.promises.contains { if case .broken = $0.standing { true } else { false } }
        guard broken else { return complain(StepMessages.nothingBroken) }
        var lengths: (from: Int, to: Int)?
        attempt(else: StepMessages.cannotShrink) { run in
            lengths = try run.shrink()
            return lengths != nil
        }
        if let lengths { remark = StepMessages.shrunk(from: lengths.from, to: lengths.to) }
    }

    /// "two-phase-commit-happy-path.replay", with the branch behind where there are several.
    private var usualFile: String {
        let branch = state.branches.count > 1 ? state.branches.first { $0.isCurrent }.map { "-" + $0.name } ?? "" : ""
        let name = "\(state.protocolName)-\(state.scene.name)\(branch)"
        return String(name.map { $0 == " " || $0 == "/" ? "-" : $0 }) + ".replay"
    }
}

// MARK: - Numbers

extension StepModel {
    /// The number that digits mean when no longer one is possible, or when Enter ends it.
    private func number(_ typed: String, of count: Int, isEnded: Bool) -> Int? {
        guard let number = Int(typed) else { return nil }
        return isEnded || number * 10 > count ? number : nil
    }

    private mutating func handleNumber(_ typed: String, _ key: Key) {
        mode = .running
        var (typed, isEnded) = (typed, false)
        switch key {
        case .character("2") where typed == "2": return ask(.duplicate, messages)
        case .character(let digit) where digit.wholeNumberValue != nil: typed.append(digit)
        case .backspace: _ = typed.popLast()
        case .enter: isEnded = true
        default: return
        }
        guard !typed.isEmpty else { return }
        // 2 alone may become 2 2.
        let isOpen = typed == "2" && !isEnded
        guard !isOpen, let number = number(typed, of: numbered.count, isEnded: isEnded) else {
            mode = .number(typed)
            return
        }
        guard (1...max(1, numbered.count)).contains(number), !numbered.isEmpty else {
            return complain(StepMessages.noSuchNumber)
        }
        take(numbered[number - 1])
    }

    private var messages: [Int] { state.choices.indices.filter { state.choices[$0].kind == .message } }

    private mutating func take(_ position: Int) {
        let refusal =
            switch state.choices[position].obstacle {
            case .waitsFor(let node): StepMessages.mustWaitFor(node)
            case .behind(let other): StepMessages.mustWaitBehind(other)
            case nil: StepMessages.impossible
            }
        attempt(else: refusal) { try $0.take(position) }
    }
}

// MARK: - Questions

extension StepModel {
    private mutating func ask(_ purpose: Question.Purpose, _ positions: [Int]) {
        let question = Question(purpose: purpose, positions: Array(positions.prefix(99)))
        guard !positions.isEmpty else {
            switch purpose {
            case .why: explainBroken()
            case .drop, .duplicate: complain(StepMessages.noMessages)
            case .timer: complain(StepMessages.noTimers)
            case .crash, .restart, .pause: complain(StepMessages.noNodes)
            }
            return
        }
        if positions.count == 1, purpose != .why { return answer(question, positions[0]) }
        offset = 0
        mode = .choosing(question)
    }

    private mutating func handle(_ key: Key, answering question: Question) {
        mode = .running
        var (question, isEnded) = (question, false)
        switch key {
        case .character("?"), .character("？"):
            if question.purpose == .why { explainBroken() }
            return
        case .character(let digit) where digit.wholeNumberValue != nil: question.typed.append(digit)
        case .backspace: _ = question.typed.popLast()
        case .enter: isEnded = true
        case .up, .down:
            offset = key == .up ? max(0, offset - 1) : min(max(0, listed.count - 1), offset + 1)
            mode = .choosing(question)
            return
        default: return
        }
        guard let number = number(question.typed, of: question.positions.count, isEnded: isEnded) else {
            mode = .choosing(question)
            return
        }
        guard (1...question.positions.count).contains(number) else { return complain(StepMessages.noSuchNumber) }
        answer(question, question.positions[number - 1])
    }

    private mutating func answer(_ question: Question, _ position: Int) {
        switch question.purpose {
        case .drop: attempt { try $0.drop(position) }
        case .duplicate: attempt { try $0.duplicate(position) }
        case .timer: take(position)
        case .why: mode = .reading(Page(content: .reason(run.whyPending(position)), offset: 0))
        case .crash: inject("crash \(state.nodes[position].name)")
        case .restart: inject("restart \(state.nodes[position].name)")
        case .pause:
            let isPaused = state.nodes[position].condition == .paused
            inject("\(isPaused ? "resume" : "pause") \(state.nodes[position].name)")
        }
    }

    private mutating func explainBroken() {
        guard let reason = run.whyBroken() else {
            remark = StepMessages.everythingKept
            return
        }
        mode = .reading(Page(content: .reason(reason), offset: 0))
    }
}

// MARK: - Lines of text

extension StepModel {
    private mutating func handle(_ key: Key, typing editor: LineEditor, into field: Field) -> Request? {
        var editor = editor
        switch editor.handle(key) {
        case .typing, .redraw: mode = .typing(field, editor)
        case .ended, .interrupted: mode = .running
        case .done:
            mode = .running
            return enter(editor.text, into: field)
        }
        return nil
    }

    private mutating func enter(_ text: String, into field: Field) -> Request? {
        switch field {
        case .partition where text.isEmpty, .fault where text.isEmpty: break
        case .partition:
            inject((text.contains("|") ? "partition " : text.contains(">") ? "one-way " : "isolate ") + text)
        case .fault: inject(text)
        case .branch:
            attempt { run in
                try run.fork(named: text.isEmpty ? nil : text); return true
            }
            if !isRemarkBad, let branch = state.branches.first(where: \.isCurrent) {
                remark = StepMessages.atBranch(branch.name)
            }
        case .file(let usual): return .save(path: text.isEmpty ? usual : text)
        }
        return nil
    }
}

// MARK: - Pages and branches

extension StepModel {
    private mutating func handle(_ key: Key, reading page: Page) {
        var page = page
        switch key {
        case .up: page.offset = max(0, page.offset - 1)
        case .down: page.offset = page.offset == .max ? .max : page.offset + 1
        case .pageUp, .character("b"): page.offset = max(0, page.offset - 10)
        case .pageDown, .character(" "): page.offset = page.offset == .max ? .max : page.offset + 10
        case .home: page.offset = 0
        case .end: page.offset = .max
        case .character("s"):
            if case .diagram = page.content {
                mode = .typing(.file(usual: usualFile.replacingReplay(by: "svg")), LineEditor())
                return
            }
        case .character("?"), .character("？"):
            // The second of `? ?`, where the first has opened the page already, since nothing was left to choose.
            guard case .reason = page.content else { return mode = .running }
        default:
            mode = .running
            return
        }
        mode = .reading(page)
    }

    /// The view knows how far a page goes.
    package mutating func clampPage(to limit: Int) {
        guard case .reading(var page) = mode, page.offset > limit else { return }
        page.offset = limit
        mode = .reading(page)
    }

    private mutating func handle(_ key: Key, amongBranches typed: String) {
        mode = .running
        var (typed, isEnded) = (typed, false)
        switch key {
        case .character("f"), .character("n"):
            mode = .typing(.branch, LineEditor())
            return
        case .character(let digit) where digit.wholeNumberValue != nil: typed.append(digit)
        case .backspace: _ = typed.popLast()
        case .enter: isEnded = true
        default: return
        }
        guard let number = number(typed, of: state.branches.count, isEnded: isEnded) else {
            if !isEnded { mode = .branches(typed) }
            return
        }
        guard (1...state.branches.count).contains(number) else { return complain(StepMessages.noSuchNumber) }
        let branch = state.branches[number - 1]
        attempt { run in
            try run.goToBranch(branch.position); return true
        }
        if !isRemarkBad { remark = StepMessages.atBranch(branch.name) }
    }
}

extension String {
    fileprivate func replacingReplay(by ending: String) -> String {
        (hasSuffix(".replay") ? String(dropLast("replay".count)) : self + ".") + ending
    }
}
