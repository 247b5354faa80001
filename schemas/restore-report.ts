// What a restore tells of itself.

export interface RestoreReport {
  /** The copy: `postgres`, or a file. */
  readonly from: string
  /** Log sequence it went up to. */
  readonly sequence: number
  /** Commits the log holds now, and how many of them were written. */
  readonly commits: number
  readonly written: number
  /** Read models that go on, and those that are filled anew from the start. */
  readonly kept: readonly string[]
  readonly emptied: readonly string[]
  /** Long texts that events name and the object store does not hold. */
  readonly missingBlobs: number
}
