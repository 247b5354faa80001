// The one base of every error Casebook throws, so that edges can map and operators can look up any of them.

/** `code` is a stable row of docs/errors.md; `retryable` says whether the same call may succeed later. */
export abstract class CasebookError extends Error {
  abstract readonly code: string
  abstract readonly retryable: boolean

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
  }
}
