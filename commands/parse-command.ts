// Untyped input becomes a command here, and nowhere else; what is wrong is said field by field.

import type { CommandMetadata, CommandOf, PublicCommand } from '../schemas/commands.ts'
import { isCommandType, isPublicCommand, publicCommandData, publicCommands } from '../schemas/commands.ts'
import { InvalidCommand, UnknownCommand } from './command-errors.ts'

/** @throws UnknownCommand for a name that is not public, InvalidCommand with one issue a field. */
export const parsePublicCommand = (
  type: string,
  input: unknown,
  metadata: CommandMetadata,
): CommandOf<PublicCommand> & { readonly metadata: CommandMetadata } => {
  if (!isCommandType(type) || !isPublicCommand(type)) throw new UnknownCommand(type, publicCommands)
  const parsed = publicCommandData[type].safeParse(input)
  if (!parsed.success) throw new InvalidCommand(type, issuesOf(parsed.error.issues))
  // TypeScript cannot see that a type and the data its own schema parsed form a member of the union.
  return { type, data: parsed.data, metadata } as CommandOf<PublicCommand> & { readonly metadata: CommandMetadata }
}

const issuesOf = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): readonly string[] =>
  issues.map(({ path, message }) => `${path.length === 0 ? '(body)' : path.join('.')}: ${message}`)
