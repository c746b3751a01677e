import Shell
import Testing

/// What needs no server.
struct WordTests {
    @Test(arguments: [
        ("ls /", ["ls", "/"]), ("  ls   -s  /a ", ["ls", "-s", "/a"]), ("set /a \"b c\"", ["set", "/a", "b c"]),
        ("set /a 'b \"c'", ["set", "/a", "b \"c"]), ("set /a \"\"", ["set", "/a", ""]),
        ("set /a b\"c d", ["set", "/a", "b\"c", "d"]),
        ("set /a \"b c", ["set", "/a", "b", "c"]), ("\"ls\"/", ["ls", "/"]), ("", []), (" \t", []),
    ])
    func `lines become words`(line: String, words: [String]) {
        #expect(CommandWords.split(line) == words)
    }

    @Test func `options stand before the command`() throws {
        let options = try ShellOptions([
            "-server", "h:1", "-timeout", "5", "-r", "-waitforconnection", "-client-configuration", "f", "ls", "-s",
            "/",
        ])
        #expect(options.server == "h:1")
        #expect(options.timeoutMilliseconds == 5)
        #expect(options.isReadOnlyAllowed && options.waitsForConnection)
        #expect(options.clientConfiguration == "f")
        #expect(options.command == ["ls", "-s", "/"])
        #expect(try ShellOptions([]).server == "localhost:2181")
    }

    @Test(arguments: [
        (["-server"], ShellOptions.Problem.missingValue("-server")), (["-x", "ls"], .unknownOption("-x")),
        (["-timeout", "soon"], .notANumber("-timeout", "soon")), (["-timeout", "0"], .notANumber("-timeout", "0")),
        (["-verify-host", "yes"], .neitherOnNorOff("-verify-host", "yes")), (["-ca"], .missingValue("-ca")),
        (["-key", "k"], .missingCompanion("-key", "-cert")),
        (["-key-password-file", "p", "-ca", "c"], .missingCompanion("-key-password-file", "-cert")),
    ])
    func `wrong options are named`(arguments: [String], problem: ShellOptions.Problem) {
        #expect(throws: problem) { try ShellOptions(arguments) }
    }
}
