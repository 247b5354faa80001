// The answer to a command, or the refusal its rejection becomes.
import type { AcceptedCommand, SentCommand } from '../public-command.ts'
import { RequestRefused } from './problem.ts'

/** @throws RequestRefused when the decision was "no". */
export const acceptedBy = (sent: SentCommand): AcceptedCommand => {
  if (sent.kind === 'rejected') throw new RequestRefused(sent.rejection.code, sent.rejection.message)
  return sent.answer
}

/** Where the command left its stream. @throws RequestRefused when the decision was "no". */
export const writtenBy = (sent: SentCommand) => {
  const { id, version, sequence } = acceptedBy(sent)
  return { id, version, sequence }
}
