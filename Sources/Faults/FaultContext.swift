/// What is known where a fault is to happen, so that a wrong name is found when it is read.
package struct FaultContext: Sendable {
    /// `nil`: any name will do.
    package var nodes: [String]?
    /// Labels of messages, records, timers and outcomes; `nil`: any will do.
    package var labels: [String]?
    package var words: [FaultWord]

    package init(nodes: [String]? = nil, labels: [String]? = nil, words: [FaultWord] = FaultWord.allCases) {
        self.nodes = nodes
        self.labels = labels
        self.words = words
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
