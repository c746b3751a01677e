import Foundation
import HTTPService
import Messages
import Synchronization
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

struct HTTPServerTests {
    private func get(_ port: UInt16, _ path: String) async throws -> (status: Int, type: String?, body: String) {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
        let (data, response) = try await URLSession(configuration: .ephemeral).data(from: url)
        let answer = try #require(response as? HTTPURLResponse)
        return (
            answer.statusCode, answer.value(forHTTPHeaderField: "Content-Type"), String(decoding: data, as: UTF8.self)
        )
    }

    @Test func `requests come whole, and may be answered at once or later from another thread`() async throws {
        let server = try HTTPServer(host: "127.0.0.1", port: 0) { request, responder in
            let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
            let answer = HTTPAnswer(
                status: request.path == "/later" ? 202 : 200, contentType: "text/plain",
                text: "\(request.method) \(request.path) \(query)")
            guard request.path == "/later" else { return responder.answer(answer) }
            Thread.detachNewThread {
                responder.answer(answer)
                responder.answer(HTTPAnswer(status: 500, contentType: nil, text: "a second answer"))
            }
        }
        for round in 0..<20 {
            let soon = try await get(server.port, "/now?a=1&b=%20x\(round)")
            #expect(soon == (200, "text/plain", "GET /now a=1,b= x\(round)"))
            let later = try await get(server.port, "/later")
            #expect(later == (202, "text/plain", "GET /later "))
        }
        server.stop()
        server.stop()
    }

    @Test func `the server stops although a request waits, which ends then`() async throws {
        let asked = AsyncStream<Void>.makeStream()
        let server = try HTTPServer(host: "127.0.0.1", port: 0) { _, _ in asked.continuation.yield() }
        let port = server.port
        async let answer = get(port, "/never")
        for await _ in asked.stream { break }
        server.stop()
        // The refusal may or may not get out before the connection is cut.
        if let status = try? await answer.status { #expect(status == 503) }
    }

    @Test func `a body goes to a file when the handler wants it, and nowhere else`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "zoolab-body-\(UUID().uuidString)").path
        let server = try HTTPServer(host: "127.0.0.1", port: 0) { request, responder in
            if let body = request.bodyFile {
                let bytes = FileManager.default.contents(atPath: body) ?? Data()
                let sum = bytes.reduce(0) { $0 &+ Int($1) }
                return responder.answer(HTTPAnswer(contentType: nil, text: "\(bytes.count) \(sum)"))
            }
            switch request.path {
            case "/take": responder.receiveBody(into: file)
            case "/later": Thread.detachNewThread { responder.receiveBody(into: file) }
            case "/nowhere": responder.receiveBody(into: "/nowhere/at/all")
            default: responder.answer(HTTPAnswer(status: 403, contentType: nil, text: "no"))
            }
        }
        let large = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) })
        let cases: [(String, Data, Int, String)] = [
            ("/take", large, 200, "\(large.count) \(large.reduce(0) { $0 + Int($1) })"),
            ("/later", large, 200, "\(large.count) \(large.reduce(0) { $0 + Int($1) })"),
            ("/take", Data(), 200, "0 0"), ("/take", Data("abc".utf8), 200, "3 294"),
            ("/nowhere", Data("abc".utf8), 507, "The body cannot be stored.\n"), ("/no", Data("abc".utf8), 403, "no"),
        ]
        for (path, body, status, text) in cases {
            var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(server.port)\(path)")))
            request.httpMethod = "POST"
            request.httpBody = body
            let (data, response) = try await URLSession(configuration: .ephemeral).data(for: request)
            #expect((response as? HTTPURLResponse)?.statusCode == status, "\(path)")
            #expect(String(decoding: data, as: UTF8.self) == text)
        }
        server.stop()
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func `a port in use is named`() throws {
        let first = try HTTPServer(host: "127.0.0.1", port: 0) { _, _ in }
        let failure = #expect(throws: HTTPFailure.self) {
            try HTTPServer(host: "127.0.0.1", port: first.port) { _, _ in }
        }
        #expect(failure?.message.english.contains("127.0.0.1:\(first.port): Address already in use") == true)
        first.stop()
    }
}
