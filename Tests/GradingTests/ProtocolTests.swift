import Foundation
import Grading
import Testing

struct ProtocolTests {
    @Test(arguments: [("resource-lock", ExerciseKind.lock), ("resource-election", .election)])
    func `the resource answers as the golden transcript says`(name: String, kind: ExerciseKind) throws {
        var resource = Resource(kind: kind)
        var exchanges: [ResourceExchange] = []
        for line in try Transcript(named: name).lines {
            switch line.sign {
            case ">": exchanges.append(resource.answer(line.text, from: line.speaker))
            case "!": resource.disconnected(line.speaker)
            default:
                let said = line.speaker.isEmpty ? Resource.greeting : exchanges.last?.answer.line
                #expect(said == line.text, "after \(exchanges.last?.line ?? "the connection")")
            }
        }
        #expect(!exchanges.isEmpty)
    }

    @Test(arguments: ["control-lock", "control-election"])
    func `the control channel speaks as the golden transcript says`(name: String) throws {
        var commands = 0
        for line in try Transcript(named: name).lines {
            if line.sign == ">" {
                commands += 1
                let sent = try JSONDecoder().decode(SentCommand.self, from: Data(line.text.utf8))
                let action = try #require(ControlCommand.Action(rawValue: sent.do))
                let command = ControlCommand(id: sent.id, action: action, milliseconds: sent.milliseconds)
                #expect(command.line == line.text)
            } else {
                switch ControlLine(line.text) {
                case .ready(let version): #expect(version == 1)
                case .reply(let reply): #expect(reply.id == commands)
                case .output(let text): Issue.record("taken for output: \(text)")
                }
            }
        }
        #expect(commands > 0)
    }

    private struct SentCommand: Decodable {
        var id: Int
        var `do`: String
        var milliseconds: Int?
    }

    @Test(arguments: [
        "", "hello", "{", "{}", "[1]", "{\"id\":\"1\",\"ok\":true}", "{\"ready\":true}", "{\"verdict\":\"pass\"}",
        "{\"id\":1,\"ok\":true,\"text\":\"" + String(repeating: "x", count: 5_000) + "\"}",
    ])
    func `whatever is no reply is shown as output`(line: String) {
        #expect(ControlLine(line) == .output(line))
    }
}
