// The answer to a command, or the refusal its rejection becomes.
import type { SentCommand } from '../public-command.ts'
import { RequestRefused } from './problem.ts'

/** @throws RequestRefused when the decision was "no". */
export const writtenBy = ({ id, outcome }: SentCommand) => {
  if (outcome.kind === 'rejected') throw new RequestRefused(outcome.rejection.code, outcome.rejection.message)
  return { id, version: outcome.version, sequence: outcome.sequence }
}
