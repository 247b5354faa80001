// What the read side refuses with.
import { CasebookError } from '../schemas/casebook-error.ts'

/** What is given to do whenever the log is not what it was. */
const mend =
  'If that log is lost, stop every Casebook and write it back from the second copy: casebook restore --from postgres'

export class LogRecreated extends CasebookError {
  readonly code = 'log_recreated'
  readonly retryable = false

  constructor(projection: string, was: string, is: string) {
    super(
      `Projection ${projection} was built from a log created at ${was}, but this log was created at ${is}. Point NATS_URL at the right server, or use an empty database. ${mend}`,
    )
  }
}

export class LogBehindCheckpoint extends CasebookError {
  readonly code = 'log_behind_checkpoint'
  readonly retryable = false

  constructor(projection: string, position: number, head: number) {
    super(
      `Projection ${projection} has seen message ${position}, but the log ends at ${head}: messages were lost. ${mend}`,
    )
  }
}

export class LogShortened extends CasebookError {
  readonly code = 'log_shortened'
  readonly retryable = false

  constructor(was: number, is: number) {
    super(`The log went up to message ${was} and now ends at ${is}: messages were lost. ${mend}`)
  }
}

export class LogDiffersFromCopy extends CasebookError {
  readonly code = 'log_differs_from_copy'
  readonly retryable = false

  constructor(sequence: number, what: string) {
    super(
      `Message ${sequence} of the log ${what}: the copy in Postgres holds it otherwise. See "casebook audit verify" for all that differs. ${mend}`,
    )
  }
}

export class CopyBehindDatabase extends CasebookError {
  readonly code = 'copy_behind_database'
  readonly retryable = false

  constructor(name: string, upTo: number, position: number) {
    super(
      `Nothing was written: the copy (${name}) ends at ${upTo}, and the database holds the commits of another log or of a longer one, up to ${position}. Restore that with "casebook restore --from postgres", or name an empty database.`,
    )
  }
}

export class UnknownProjection extends CasebookError {
  readonly code = 'unknown_projection'
  readonly retryable = false

  constructor(name: string, known: readonly string[]) {
    super(`There is no projection "${name}". Projections: ${known.join(', ')}.`)
  }
}

export class OtherVersionServes extends CasebookError {
  readonly code = 'other_version_serves'
  readonly retryable = false

  constructor(name: string, serving: number, own: number) {
    super(
      `Version ${serving} of ${name} serves, and this build knows version ${own}: there is nothing to compare. Verify it after the rebuild.`,
    )
  }
}

export class ProjectionBehind extends CasebookError {
  readonly code = 'projection_behind'
  readonly retryable = true

  constructor(name: string, wanted: number, position: number) {
    super(`Projection ${name} stands at ${position} and has not reached ${wanted} yet. Ask again.`)
  }
}

export class SequenceOutOfRange extends CasebookError {
  readonly code = 'sequence_out_of_range'
  readonly retryable = false

  constructor(sequence: number, head: number) {
    super(
      sequence === 0
        ? 'At that time nothing was on the log yet; take a later one.'
        : `The log has no message ${sequence}: it goes from 1 to ${head}.`,
    )
  }
}

export class AsOfNotFound extends CasebookError {
  readonly code = 'as_of_not_found'
  readonly retryable = false

  constructor(name: string, sequence: number) {
    super(
      `${name} as of ${sequence} is not there. Ask for it first: casebook projections as-of ${name} --sequence ${sequence}`,
    )
  }
}

export class AsOfTooFar extends CasebookError {
  readonly code = 'as_of_too_far'
  readonly retryable = false

  constructor(sequence: number, most: number) {
    super(
      `Up to ${sequence} more messages would be read than the ${most} that are allowed. Take an earlier sequence, or raise CASEBOOK_AS_OF_COMMITS.`,
    )
  }
}

export class TooManyAsOf extends CasebookError {
  readonly code = 'too_many_as_of'
  readonly retryable = true

  constructor(atOnce: number) {
    super(
      `${atOnce} read models of other times are kept already. Wait until one is dropped, or: casebook projections drop-as-of <name>`,
    )
  }
}

export class InvalidCursor extends CasebookError {
  readonly code = 'invalid_cursor'
  readonly retryable = false

  constructor() {
    super('The cursor is not one that Casebook gave. Start again without it.')
  }
}
