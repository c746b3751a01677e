// swift-tools-version: 6.2
import PackageDescription

/// One row for each target of the design's table, lowest layer first. Imports only point down:
/// a target may depend on rows above its own, never below.
struct Row {
    var name: String
    var dependencies: [String] = []
    var hasTests = true
    var tests: [String] = []  // What `<name>Tests` imports beyond the target and its own dependencies.
}

let rows: [Row] = [
    // Layer 0: no Foundation, Dispatch, libc or C library (zlib's checksums and OpenSSL's digests excepted).
    Row(name: "Bytes", dependencies: ["CZlib", "COpenSSL"]),
    Row(name: "StateMachines"),
    Row(name: "JavaFormats"),
    Row(name: "Messages"),
    Row(name: "Traces", dependencies: ["StateMachines"]),
    Row(name: "Faults", dependencies: ["StateMachines", "Messages", "Traces"], tests: ["Goldens"]),
    // Layer 1: pure machines and pure tools.
    Row(name: "WireProtocol", dependencies: ["Bytes", "StateMachines"]),
    Row(name: "ZNodes", dependencies: ["Bytes", "StateMachines", "WireProtocol"]),
    Row(name: "TransactionLog", dependencies: ["Bytes", "StateMachines", "Messages", "WireProtocol", "ZNodes"]),
    Row(name: "Zab", dependencies: ["StateMachines"]),
    Row(
        name: "CoordinationCore",
        dependencies: ["Bytes", "StateMachines", "Traces", "WireProtocol", "ZNodes", "TransactionLog", "Zab"],
        tests: ["CAllocationCounter"]),
    Row(name: "CommitProtocols", dependencies: ["StateMachines"]),
    Row(name: "ConsensusProtocols", dependencies: ["StateMachines"]),
    Row(name: "ReplicationProtocols", dependencies: ["StateMachines"]),
    Row(name: "Checking", dependencies: ["StateMachines", "Traces", "Messages"]),
    Row(name: "Simulator", dependencies: ["StateMachines", "Traces", "Faults", "Messages", "Checking"]),
    Row(
        name: "Explorer",
        dependencies: ["StateMachines", "Traces", "Faults", "Messages", "Simulator", "Checking"]),
    // Machines of their own, made from published specifications; their state counts are what explorers are judged by.
    Row(name: "PublishedModels", dependencies: ["StateMachines", "Messages", "Checking", "Explorer"]),
    Row(
        name: "Diagrams", dependencies: ["StateMachines", "Traces", "Messages"],
        tests: ["GraphvizRenderer", "TraceFiles", "Goldens"]),
    // Layer 2: the outside world, one library at a time.
    Row(name: "Goldens", hasTests: false),
    Row(name: "CommandLines", dependencies: ["Messages"]),
    Row(name: "EventLoop", dependencies: ["CLibuv", "COpenSSL", "StateMachines", "Messages"]),
    Row(name: "TraceFiles", dependencies: ["StateMachines", "Traces", "Messages", "Simulator"]),
    Row(
        name: "GraphvizRenderer", dependencies: ["CGraphviz", "Messages", "Traces", "TraceFiles", "Diagrams"],
        hasTests: false),
    Row(name: "HTTPService", dependencies: ["CMicroHTTPD", "Messages"]),
    Row(
        name: "Terminal", dependencies: ["CCommonMark", "CEditLine", "Messages"], tests: ["StateMachines", "Goldens"]),
    Row(
        name: "Scenarios",
        dependencies: [
            "Bytes", "StateMachines", "Traces", "Faults", "Messages", "WireProtocol", "ZNodes", "TransactionLog", "Zab",
            "CoordinationCore", "CommitProtocols", "ConsensusProtocols", "ReplicationProtocols", "Simulator",
            "Checking", "Explorer", "Diagrams",
        ], tests: ["TraceFiles", "GraphvizRenderer"]),
    // Runs that a person takes decision by decision, in a terminal.
    Row(
        name: "StepMode",
        dependencies: [
            "StateMachines", "Traces", "Messages", "Simulator", "Checking", "Diagrams", "Terminal", "Scenarios",
        ], tests: ["Goldens"]),
    // Layer 3: server, client, proxy.
    Row(
        name: "CoordinationServer",
        dependencies: [
            "CZlib", "CSnappy", "Bytes", "StateMachines", "Traces", "Messages", "WireProtocol", "ZNodes",
            "TransactionLog", "Zab", "CoordinationCore", "EventLoop", "HTTPService", "JavaFormats",
        ], tests: ["CoordinationClient", "Goldens"]),
    Row(
        name: "CoordinationClient", dependencies: ["Bytes", "StateMachines", "Messages", "WireProtocol", "EventLoop"],
        tests: ["CoordinationCore", "CoordinationServer", "FaultProxy", "LoopbackServer"]),
    Row(
        name: "FaultProxy",
        dependencies: ["Bytes", "StateMachines", "Traces", "Faults", "Messages", "WireProtocol", "EventLoop"],
        tests: ["CoordinationClient"]),
    // Servers as processes of this machine, and the network between them.
    Row(
        name: "LocalEnsemble",
        dependencies: [
            "Bytes", "StateMachines", "Messages", "Traces", "Faults", "WireProtocol", "TransactionLog", "TraceFiles",
            "EventLoop", "FaultProxy",
        ], tests: ["CoordinationClient"]),
    // What servers are measured by.
    Row(
        name: "Loads",
        dependencies: ["Bytes", "StateMachines", "Messages", "WireProtocol", "EventLoop", "CoordinationClient"],
        tests: ["Faults", "CoordinationCore", "CoordinationServer", "FaultProxy", "LoopbackServer"]),
    Row(
        name: "LoopbackServer",
        dependencies: [
            "StateMachines", "EventLoop", "CoordinationCore", "CoordinationServer", "CoordinationClient", "FaultProxy",
        ], hasTests: false),
    // What must hold for any bytes whatever; `make fuzz` looks for bytes that break it.
    Row(
        name: "FuzzTargets",
        dependencies: [
            "Bytes", "StateMachines", "JavaFormats", "Messages", "Traces", "Faults", "WireProtocol", "ZNodes",
            "TransactionLog", "CoordinationCore", "Simulator", "TraceFiles", "CoordinationServer", "CoordinationClient",
        ]),
    // What students import.
    Row(
        name: "ZooLabKit", dependencies: ["StateMachines", "Messages", "CoordinationClient", "EventLoop"],
        tests: ["Bytes", "WireProtocol"]),
    // Layer 4: what is built on a client, and tools that read traces.
    Row(
        name: "Recipes", dependencies: ["StateMachines", "Messages", "CoordinationClient"],
        tests: ["FaultProxy", "LoopbackServer"]),
    Row(
        name: "Shell",
        dependencies: ["StateMachines", "JavaFormats", "Messages", "EventLoop", "CoordinationClient", "WireProtocol"],
        tests: ["CoordinationCore", "CoordinationServer", "LoopbackServer", "Goldens"]),
    Row(name: "LessonEngine", dependencies: ["Messages", "Terminal"]),
    Row(
        name: "Grading",
        dependencies: [
            "Bytes", "StateMachines", "Traces", "TraceFiles", "Faults", "Messages", "WireProtocol", "Diagrams",
            "GraphvizRenderer", "EventLoop", "ZNodes", "CoordinationCore", "CoordinationServer", "CoordinationClient",
            "FaultProxy", "Checking",
        ], tests: ["Goldens"]),
    // `zoolab server`; what it links is what a server holds in memory, so none of it knows Foundation (docs/adr/0018).
    Row(
        name: "ServerProgram",
        dependencies: [
            "StateMachines", "Traces", "Messages", "CommandLines", "ZNodes", "Zab", "EventLoop",
            "CoordinationCore", "CoordinationServer",
        ], hasTests: false),
    Row(
        name: "Commands",
        dependencies: [
            "CommandLines", "ServerProgram",
            "StateMachines", "Messages", "Traces", "Faults", "TraceFiles", "Simulator", "Checking", "Explorer",
            "PublishedModels", "Diagrams", "GraphvizRenderer", "Terminal", "Scenarios", "StepMode", "Bytes",
            "WireProtocol", "ZNodes",
            "TransactionLog", "EventLoop", "CoordinationCore", "CoordinationServer", "CoordinationClient",
            "LocalEnsemble", "Loads", "Shell", "LessonEngine", "Grading",
        ], tests: ["FaultProxy", "LoopbackServer"]),
]

/// Folders below a test target that hold data, not code.
let testData: [String: [String]] = [
    "WireProtocol": ["Fixtures"],
    "TransactionLog": ["Fixtures"],
    "Terminal": ["Goldens", "Fixtures"],
    "EventLoop": ["Fixtures"],
    "CoordinationServer": ["Fixtures"],
    "Diagrams": ["Fixtures", "Goldens"],
    "Grading": ["Goldens", "Fixtures"],
    "Shell": ["Goldens"],
    "StepMode": ["Goldens"],
]

let upcomingFeatures = [
    "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault",
    "InferIsolatedConformances",
]
var strict: [SwiftSetting] = []
for feature in upcomingFeatures {
    strict.append(.enableUpcomingFeature(feature))
}
strict.append(.enableExperimentalFeature("Lifetimes"))  // Cursors over borrowed bytes that cannot outlive them.

let libraries = ["CLibuv", "CZlib", "CSnappy", "COpenSSL", "CGraphviz", "CCommonMark", "CMicroHTTPD", "CEditLine"]
func dependencies(_ names: [String]) -> [Target.Dependency] { names.map { .byName(name: $0) } }

var targets: [Target] = [
    .systemLibrary(
        name: "CLibuv", pkgConfig: "libuv",
        providers: [.apt(["libuv1-dev"]), .yum(["libuv-devel"]), .brew(["libuv"])]),
    .systemLibrary(
        name: "CZlib", pkgConfig: "zlib",
        providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"]), .brew(["zlib"])]),
    .systemLibrary(
        name: "CSnappy", pkgConfig: "snappy",
        providers: [.apt(["libsnappy-dev"]), .yum(["snappy-devel"]), .brew(["snappy"])]),
    .systemLibrary(
        name: "COpenSSL", pkgConfig: "openssl",
        providers: [.apt(["libssl-dev"]), .yum(["openssl-devel"]), .brew(["openssl@3"])]),
    .systemLibrary(
        name: "CGraphviz", pkgConfig: "libgvc",
        providers: [.apt(["libgraphviz-dev"]), .yum(["graphviz-devel"]), .brew(["graphviz"])]),
    .systemLibrary(
        name: "CMicroHTTPD", pkgConfig: "libmicrohttpd",
        providers: [.apt(["libmicrohttpd-dev"]), .yum(["libmicrohttpd-devel"]), .brew(["libmicrohttpd"])]),
    .systemLibrary(
        name: "CEditLine", pkgConfig: "libedit",
        providers: [.apt(["libedit-dev"]), .yum(["libedit-devel"]), .brew(["libedit"])]),
    .systemLibrary(
        name: "CCommonMark", pkgConfig: "libcmark-gfm",
        providers: [
            .apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]), .yum(["cmark-gfm-devel"]), .brew(["cmark-gfm"]),
        ]),
]
for row in rows {
    targets.append(.target(name: row.name, dependencies: dependencies(row.dependencies), swiftSettings: strict))
    if row.hasTests {
        let imports = [row.name] + row.dependencies.filter { !libraries.contains($0) } + row.tests
        targets.append(
            .testTarget(
                name: "\(row.name)Tests", dependencies: dependencies(imports),
                exclude: testData[row.name, default: []], swiftSettings: strict))
    }
}
// In C; replaces malloc in the one program that all tests make up.
targets.append(.target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"))
// In C; the grader's sandbox starts it, where there are no Swift libraries to link with.
targets.append(
    .executableTarget(
        name: "zoolab-door",
        linkerSettings: [.unsafeFlags(["-static-stdlib", "-nostartfiles"], .when(platforms: [.linux]))]))
targets.append(
    .executableTarget(name: "zoolab", dependencies: dependencies(["CommandLines", "Commands"]), swiftSettings: strict))
// Apart from `zoolab`, whose libraries would be most of its memory (docs/adr/0018). A sanitizer's malloc must be seen by all
// libraries, which static linking prevents.
let serverFlags = ["-static-stdlib", "-Xlinker", "--gc-sections", "-Xlinker", "--no-export-dynamic"]
let isSanitized = Context.environment["ZOOLAB_SANITIZE"] != nil
targets.append(
    .executableTarget(
        name: "zoolab-server", dependencies: dependencies(["CommandLines", "ServerProgram"]), swiftSettings: strict,
        linkerSettings: isSanitized ? [] : [.unsafeFlags(serverFlags, .when(platforms: [.linux]))]))
// With libFuzzer's `main`, so that it can only be linked by `swift build --sanitize fuzzer`.
if Context.environment["ZOOLAB_FUZZ"] != nil {
    targets.append(
        .executableTarget(
            name: "zoolab-fuzz", dependencies: dependencies(["FuzzTargets"]), path: "Fuzz",
            exclude: ["Corpora", "Dictionaries", "run"],
            sources: ["FuzzEntry.swift"], swiftSettings: strict))
}

let package = Package(
    name: "zoolab",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "zoolab", targets: ["zoolab"]),
        .library(name: "ZooLabClient", targets: ["CoordinationClient", "Recipes"]),
        // Dynamic, so that a homework of one file is compiled and linked in two seconds.
        .library(name: "ZooLabKit", type: .dynamic, targets: ["ZooLabKit"]),
    ],
    targets: targets,
    swiftLanguageModes: [.v6]
)
