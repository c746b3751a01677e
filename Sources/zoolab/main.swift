import CommandLines
import Commands
import Foundation

exit(await ZooLabCommandLine.run(Array(CommandLine.arguments.dropFirst()), in: .ofThisProcess()).rawValue)
