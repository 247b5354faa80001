// Commands from the durable queue: nobody waits for the answer, so a "no" becomes the reason they are parked with.
import { CommandForbidden, IdempotencyConflict, InvalidCommand, UnknownCommand } from '../../commands/command-errors.ts'
import { CommitTooLarge } from '../../commands/log-errors.ts'
import { maskText } from '../../domain/masking/mask.ts'
import type { DecideQueued } from '../../handlers/ports/command-queue.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import type { PublicCommandDependencies } from '../public-command.ts'
import { sendBusCommand } from './bus-command.ts'

/** What sending it again can never mend. */
const final = [InvalidCommand, UnknownCommand, CommandForbidden, IdempotencyConflict, CommitTooLarge]

export const createDecideQueued =
  (deps: PublicCommandDependencies): DecideQueued =>
  async (command) => {
    const key = command.headers['idempotency-key'] ?? command.headers['nats-msg-id']
    try {
      // A key with a space in it is one that no sender can choose.
      const sent = await sendBusCommand(deps, command, key, `message ${command.id}`)
      switch (sent.kind) {
        case 'accepted':
          return null
        case 'rejected':
          return { code: 'rejected', message: masked(`${sent.rejection.code}: ${sent.rejection.message}`) }
        case 'unreadable':
          return { code: sent.code, message: masked(sent.message) }
        default:
          return sent satisfies never
      }
    } catch (error) {
      const isFinal = final.some((each) => error instanceof each)
      if (isFinal && error instanceof CasebookError) return { code: error.code, message: masked(error.message) }
      throw error
    }
  }

/** It is kept with the letter, and nobody masked it on its way in. */
const masked = (message: string): string => maskText(message).text
