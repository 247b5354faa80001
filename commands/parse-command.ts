// Untyped input becomes a command here, and nowhere else; what is wrong is said field by field.

import type { CommandMetadata, CommandOf, PublicCommand } from '../schemas/commands.ts'
import { commandData, isCommandType, isPublicCommand, publicCommands } from '../schemas/commands.ts'
import { InvalidCommand, UnknownCommand } from './command-errors.ts'

/** @throws UnknownCommand for a name that is not public, InvalidCommand with one issue a field. */
export const parsePublicCommand = (
  type: string,
  input: unknown,
  metadata: CommandMetadata,
): CommandOf<PublicCommand> & { readonly metadata: CommandMetadata } => {
  if (!isCommandType(type) || !isPublicCommand(type)) throw new UnknownCommand(type, publicCommands)
  switch (type) {
    case 'StartSession': {
      const parsed = commandData.StartSession.safeParse(input)
      if (!parsed.success) throw new InvalidCommand(type, issuesOf(parsed.error.issues))
      return { type, data: parsed.data, metadata }
    }
    case 'CancelSession': {
      const parsed = commandData.CancelSession.safeParse(input)
      if (!parsed.success) throw new InvalidCommand(type, issuesOf(parsed.error.issues))
      return { type, data: parsed.data, metadata }
    }
  }
}

const issuesOf = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): readonly string[] =>
  issues.map(({ path, message }) => `${path.length === 0 ? '(body)' : path.join('.')}: ${message}`)
