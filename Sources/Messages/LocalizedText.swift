/// The languages of everything a person sees.
public enum Language: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh"

    /// From `LC_ALL`, `LC_MESSAGES`, `LANG`, read directly: the locale itself need not be installed.
    public static func preferred(in environment: [String: String]) -> Language {
        let value = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
            .compactMap { environment[$0] }
            .first { !$0.isEmpty }
        return value?.hasPrefix("zh") == true ? .chinese : .english
    }
}

/// One sentence in every language of the course; there is no way to make one with a language missing.
///
/// Each area keeps its sentences in one file here (`DrawMessages.swift`, `FaultMessages.swift`…), as an enum without
/// cases whose static members return `LocalizedText`. Chinese is written as Chinese, not word by word.
public struct LocalizedText: Hashable, Sendable {
    public let english: String
    public let chinese: String

    public init(_ english: String, zh chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    public func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}

/// An error that speaks to a person: what happened, where, and what to do.
public protocol LocalizedFailure: Error, Sendable {
    var message: LocalizedText { get }
}
