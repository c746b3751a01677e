import JavaFormats
import Testing

struct JAASFileTests {
    private let text = """
        // Java's own form.
        Client { some.Module required username="x" password="y z"; };
        Server {
            org.apache.zookeeper.server.auth.DigestLoginModule required
            # user_old="gone"
            user_super="adminsecret"
            user_jaasuser="jaas_password" ;
        };
        """

    @Test func `users of a server`() {
        #expect(JAASFile.users(in: text) == ["super": "adminsecret", "jaasuser": "jaas_password"])
        #expect(JAASFile.users(in: text + " Other { user_c=\"d\"; };", section: "Other") == ["c": "d"])
        #expect(JAASFile.users(in: "Client { user_a=\"b\"; };").isEmpty)
    }

    @Test func `the login of a client`() throws {
        let login = try #require(JAASFile.login(in: text))
        #expect(login.user == "x" && login.password == "y z")
        #expect(JAASFile.login(in: text, section: "Server") == nil)
        #expect(JAASFile.login(in: text, section: "Other") == nil)
    }

    @Test(arguments: [
        (##"Server { user_a = "#b}//" user_c= "d";}"##, ["a": "#b}//", "c": "d"]),
        (#"Server{user_a="1" // user_b="2"\#nuser_c="3"}"#, ["a": "1", "c": "3"]),
        ("// Server {\nServer { user_a=\"1\"", ["a": "1"]),
        ("Server { user_a=b user_c= user_d \"e\" }", [:]), ("Server {", [:]), ("Server", [:]), ("\"", [:]), ("", [:]),
    ])
    func `signs within quotes are no signs, and what is broken off says nothing`(
        text: String, users: [String: String]
    ) {
        #expect(JAASFile.users(in: text) == users)
    }
}
