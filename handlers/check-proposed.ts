// The tool calls a model proposes, masked, bounded and checked: what cannot be run says why, so that the model can mend it.
import { maskText } from '../domain/masking/mask.ts'
import type { Execution } from '../domain/session/session-state.ts'
import type { ProposedToolCall } from '../schemas/model.ts'
import type { CheckedToolCall } from '../schemas/session-commands.ts'
import type { OfferedTool } from '../schemas/tool.ts'
import { isTooDeep, maxJsonDepth } from './json-depth.ts'

/** Parses and checks the arguments a model wrote against the tool's schema. */
export type CheckArguments = (tool: OfferedTool, written: string) => CheckedToolCall['parsed']

/** Calls taken of one reply, and the bytes of all their arguments: they stand twice in one commit. */
const maxCalls = 64
const maxArgumentBytes = 96 * 1024
/** Kept of arguments that are too long, for people. */
const keptChars = 1_000

export const checkProposed = (
  execution: Execution,
  proposed: readonly ProposedToolCall[],
  checkArguments: CheckArguments,
): readonly CheckedToolCall[] => {
  let left = maxArgumentBytes
  return proposed.slice(0, maxCalls).map((each) => {
    const name = each.name.slice(0, 200)
    const written = maskText(each.arguments, { groups: ['secrets'] }).text.toWellFormed()
    const bytes = Buffer.byteLength(written)
    if (bytes > left) {
      const message = `The arguments of ${name} are too long: ${bytes} bytes, and ${left} are left of the ${maxArgumentBytes} of one reply. Write less, or spread it over several replies.`
      return {
        proposed: { name, arguments: written.slice(0, keptChars).toWellFormed() },
        parsed: { kind: 'invalid', message },
      }
    }
    left -= bytes
    const tool = execution.tools?.find((offered) => offered.name === name)
    const parsed: CheckedToolCall['parsed'] =
      tool === undefined ? { kind: 'invalid', message: `There is no tool "${name}".` } : checkArguments(tool, written)
    const tooDeep = parsed.kind === 'valid' && isTooDeep(parsed.arguments)
    return {
      proposed: { name, arguments: written },
      parsed: tooDeep
        ? {
            kind: 'invalid',
            message: `The arguments of ${name} nest deeper than ${maxJsonDepth} levels. Write them flatter.`,
          }
        : parsed,
    }
  })
}
