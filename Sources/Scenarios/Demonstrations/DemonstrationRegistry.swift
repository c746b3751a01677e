/// Everything that is shown by looking at every case; one line each, in the order of the course.
package enum DemonstrationRegistry {
    package static let demonstrations: [Demonstration] = [
        HorsesScenes.demonstration,
        PigeonholeScenes.demonstration,
        MessengersScenes.demonstration,
        LiarsScenes.demonstration,
    ]

    /// The demonstration of this name, if there is one.
    package static func named(_ name: String) -> Demonstration? { demonstrations.first { $0.name == name } }
}
