package import CommitProtocols
import Explorer
import Messages
import Simulator
import StateMachines

/// Try-confirm-cancel and its scenes: P1 pays 1000 to each of the others.
package enum TCCScenes: TransferScenes {
    package static let protocolScenes = ProtocolScenes<TCCNode>(
        name: "tcc", title: TCCMessages.title, labels: labels, vocabulary: TCCMessages.vocabulary,
        catalog: basicScenes + recordScenes + failureScenes + mutantScenes,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isUndecided })

    static let labels = [
        "TRY", "TRIED", "REFUSED", "CONFIRM", "CANCEL", "CONFIRMED", "CANCELLED", "began", "confirm", "cancel", "end",
        "tried", "confirmed", "cancelled", "tries", "again", "reservation",
    ]
    static let confirmed = "\(first): confirm"
    static let cancelled = "\(first): cancel"

    /// So much from P1 to each of the others.
    static func payment(_ transaction: TransactionID = first, amount: Int = 1_000, participants: Int) -> Plan {
        Plan(
            transaction,
            (1...participants).map { number in
                Assignment(NodeID(number), .add(key(number), number == 1 ? -amount * (participants - 1) : amount))
            })
    }

    typealias Command = SimulationPlan<TCCNode>.ScheduledCommand

    static func transact(_ plan: Plan, at time: Tick = .zero) -> Command {
        Command(at: time, to: TCCConfiguration.coordinator, .transact(plan))
    }

    /// What a scene of this protocol is made of; the rest is the same everywhere.
    struct Recipe: Sendable {
        var variant = TCCConfiguration(participants: 2)
        /// Of a number of participants; one payment unless told otherwise.
        var plans: @Sendable (Int) -> [Plan] = { [payment(participants: $0)] }
        var commands: @Sendable ([Plan]) -> [Command] = { plans in [transact(plans[0])] }
        var faults: @Sendable (Int) -> [String] = { _ in [] }
        var expectation: @Sendable (Int) -> Expectation
        var timeLimit = Tick.seconds(4)
    }

    static func scene(_ name: String, _ text: TCCSceneTexts.Text, recipe: Recipe) -> Scene<TCCNode> {
        let description = SceneDescription(
            name: name, title: text.title, story: text.story, rows: [], participants: 2...5,
            usualParticipants: 2, isMutant: recipe.variant.mutation != nil)
        return Scene(description) { participants in
            var configuration = recipe.variant
            configuration.participants = participants
            configuration.accounts = cells
            let plans = recipe.plans(participants)
            let names = ["C"] + participantNames(participants)
            var setup = SceneSetup(
                names: names, machines: TCCNode.nodes(configuration), commands: recipe.commands(plans),
                faults: recipe.faults(participants),
                invariants: TCCInvariants(configuration, plans: plans, names: names).all,
                expectation: recipe.expectation(participants), timeLimit: recipe.timeLimit)
            setup.milestones = AtomicCommitmentInvariants<TCCNode>(plans: plans, names: names).milestones
            return setup
        }
    }

    static func variant(reservationsExpire: Bool = false, mutation: TCCMutation? = nil) -> TCCConfiguration {
        TCCConfiguration(participants: 2, reservationsExpire: reservationsExpire, mutation: mutation)
    }

    /// The same payment twice, the second while the first is going on; P1 can pay one of them and not both.
    static func twoLargePayments(_ participants: Int) -> [Plan] {
        let amount = 3_000 / (participants - 1)
        return [
            payment(amount: amount, participants: participants),
            payment(TransactionID(2), amount: amount, participants: participants),
        ]
    }
}

extension TCCScenes {
    static let basicScenes: [Scene<TCCNode>] = [
        scene("happy-path", TCCSceneTexts.happyPath, recipe: Recipe(expectation: { _ in .keeps(confirmed) })),
        scene(
            "overdraft", TCCSceneTexts.overdraft,
            recipe: Recipe(
                plans: { [payment(amount: 6_000, participants: $0)] }, expectation: { _ in .keeps(cancelled) })),
        scene(
            "no-locks", TCCSceneTexts.noLocks,
            recipe: Recipe(
                plans: {
                    [payment(amount: 500, participants: $0), payment(TransactionID(2), amount: 500, participants: $0)]
                },
                commands: { plans in [transact(plans[0]), transact(plans[1], at: .milliseconds(50))] },
                faults: { _ in ["drop CONFIRM 1 to P1"] },
                expectation: { _ in .keeps(confirmed, "tx 2: confirm") })),
        scene(
            "reserved-is-reserved", TCCSceneTexts.reservedIsReserved,
            recipe: Recipe(
                plans: { twoLargePayments($0) },
                commands: { plans in [transact(plans[0]), transact(plans[1], at: .milliseconds(5))] },
                expectation: { _ in .keeps(confirmed, "tx 2: cancel") })),
    ]

    /// What the transaction record is for.
    static let recordScenes: [Scene<TCCNode>] = [
        scene(
            "empty-cancel", TCCSceneTexts.emptyCancel,
            recipe: Recipe(faults: { _ in ["drop TRY to P1"] }, expectation: { _ in .keeps(cancelled) })),
        scene(
            "late-try", TCCSceneTexts.lateTry,
            recipe: Recipe(faults: { _ in ["delay TRY to P1 300ms"] }, expectation: { _ in .keeps(cancelled) })),
        scene(
            "every-message-twice", TCCSceneTexts.everyMessageTwice,
            recipe: Recipe(faults: { _ in ["duplicate"] }, expectation: { _ in .keeps(confirmed) })),
    ]

    static let failureScenes: [Scene<TCCNode>] = [
        scene(
            "coordinator-recovers", TCCSceneTexts.coordinatorRecovers,
            recipe: Recipe(
                faults: { _ in ["crash C after send CONFIRM 1", "restart C at 250ms"] },
                expectation: { _ in .keeps(confirmed) })),
        scene(
            "undecided-coordinator-recovers", TCCSceneTexts.undecidedRecovers,
            recipe: Recipe(
                faults: { _ in ["crash C after receive TRIED 1", "restart C at 250ms"] },
                expectation: { _ in .keeps(cancelled) })),
        scene(
            "participant-recovers", TCCSceneTexts.participantRecovers,
            recipe: Recipe(
                faults: { _ in ["crash P1 after send TRIED", "restart P1 at 60ms"] },
                expectation: { _ in .keeps(confirmed) })),
        scene(
            "coordinator-gone", TCCSceneTexts.coordinatorGone,
            recipe: Recipe(
                faults: { ["crash C after receive TRIED \($0)"] },
                expectation: { Expectation(violated: nil, decisions: [], blocked: participantNames($0)) },
                timeLimit: .milliseconds(500))),
        scene(
            "reservation-expires", TCCSceneTexts.expires,
            recipe: Recipe(
                variant: variant(reservationsExpire: true),
                faults: { ["crash C after receive TRIED \($0)", "restart C at 500ms"] },
                expectation: { _ in .keeps(cancelled) })),
        scene(
            "confirm-too-late", TCCSceneTexts.tooLate,
            recipe: Recipe(
                variant: variant(reservationsExpire: true), faults: { _ in ["delay CONFIRM to P1 300ms"] },
                expectation: { _ in .violates("atomicity") })),
    ]

    static let mutantScenes: [Scene<TCCNode>] = [
        scene(
            "confirms-twice", TCCSceneTexts.mutantTwice,
            recipe: Recipe(
                variant: variant(mutation: .confirmsTwice), faults: { _ in ["drop CONFIRMED 1 from P2"] },
                expectation: { _ in .violates("conservation") })),
        scene(
            "cancels-blindly", TCCSceneTexts.mutantBlindly,
            recipe: Recipe(
                variant: variant(mutation: .cancelsBlindly), faults: { _ in ["drop TRY to P1"] },
                expectation: { _ in .violates("conservation") })),
        scene(
            "accepts-late-try", TCCSceneTexts.mutantLateTry,
            recipe: Recipe(
                variant: variant(mutation: .acceptsLateTry), faults: { _ in ["delay TRY to P1 300ms"] },
                expectation: { _ in .violates("no-orphans") })),
        scene(
            "reserves-nothing", TCCSceneTexts.mutantReservesNothing,
            recipe: Recipe(
                variant: variant(mutation: .reservesNothing), plans: { twoLargePayments($0) },
                commands: { plans in [transact(plans[0]), transact(plans[1], at: .milliseconds(5))] },
                expectation: { _ in .violates("atomicity") })),
        scene(
            "confirm-before-disk", TCCSceneTexts.mutantDisk,
            recipe: Recipe(
                variant: variant(mutation: .decidesBeforeForcing),
                faults: { _ in ["crash C after send CONFIRM 1", "restart C at 250ms"] },
                expectation: { _ in .violates("atomicity") })),
    ]
}
