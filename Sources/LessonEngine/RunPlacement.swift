/// A lesson's command with its files put into one folder, so that a lesson never litters the working folder.
struct RunPlacement: Hashable {
    /// The command to run, without `zoolab`.
    var arguments: [String]
    /// Pictures it draws, in order.
    var pictures: [String] = []

    private static let outputOptions: Set<String> = ["--draw", "--trace", "--output", "-o"]

    /// - Parameters:
    ///   - command: as the lesson has it, with file names relative to the working folder.
    ///   - folder: where files go.
    ///   - known: files that earlier commands of the lesson wrote, by the lesson's names; later commands may read them.
    init(_ command: [String], folder: String, known: inout [String]) {
        arguments = []
        var isOutput = false
        var option = ""
        for (index, word) in command.enumerated() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            if isOutput {
                arguments.append(place(word, option, folder, &known))
                isOutput = false
            } else if parts.count == 2, Self.outputOptions.contains(parts[0]) {
                arguments.append("\(parts[0])=\(place(parts[1], parts[0], folder, &known))")
            } else if index > 0, known.contains(word) {
                arguments.append("\(folder)/\(word)")
            } else {
                isOutput = Self.outputOptions.contains(word)
                option = word
                arguments.append(word)
            }
        }
    }

    private mutating func place(
        _ file: String, _ option: String, _ folder: String, _ known: inout [String]
    ) -> String {
        let path = file.hasPrefix("/") ? file : "\(folder)/\(file)"
        if !known.contains(file) { known.append(file) }
        if option != "--trace" { pictures.append(path) }
        return path
    }
}
