/// What is known where a fault is to happen, so that a wrong name is found when it is read.
package struct FaultContext: Sendable {
    /// `nil`: any name will do.
    package var nodes: [String]?
    /// Labels of messages, records, timers and outcomes; `nil`: any will do.
    package var labels: [String]?
    package var words: [FaultWord]
    /// Whether it is real servers that are to suffer, so that a word which does not work there says why.
    package var isReal: Bool

    package init(
        nodes: [String]? = nil, labels: [String]? = nil, words: [FaultWord] = FaultWord.allCases, isReal: Bool = false
    ) {
        self.nodes = nodes
        self.labels = labels
        self.words = words
        self.isReal = isReal
    }

    /// Everything that real servers on one machine can suffer.
    package static func ensemble(nodes: [String]) -> FaultContext {
        FaultContext(
            nodes: nodes, words: FaultWord.allCases.filter { $0.description.obstacle == nil }, isReal: true)
    }

    /// Everything a simulated protocol can suffer.
    ///
    /// - Parameter hasSessions: whether some of its nodes are clients whose sessions can expire.
    package static func simulated(
        nodes: [String]? = nil, labels: [String]? = nil, hasSessions: Bool = false
    ) -> FaultContext {
        FaultContext(
            nodes: nodes, labels: labels, words: FaultWord.allCases.filter { hasSessions || $0 != .expireSession })
    }
}
