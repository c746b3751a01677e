import CommandLines
import ServerProgram

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

exit(ServerCommand.main(Array(CommandLine.arguments.dropFirst()), in: .ofThisProcess()).rawValue)
