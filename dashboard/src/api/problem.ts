// What the server answers when it says no: a problem document, as an error the pages can show.
import type { components } from './schema.d.ts'

type ProblemDocument = components['schemas']['Problem']

export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly fields: ProblemDocument['errors']

  constructor(document: ProblemDocument) {
    super(document.detail)
    this.name = 'ApiProblem'
    this.status = document.status
    this.code = document.code
    this.fields = document.errors
  }
}

/** Casebook is away, or something between answers in its place. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('Casebook does not answer. This page goes on by itself when it is back.', { cause })
    this.name = 'Unreachable'
  }
}
