// Where the archive stands against the log: for health and metrics, in every process that is told of one.
import type { RunningArchivist } from './archivist.ts'
import type { Archive } from './ports/archive.ts'
import type { LogTail } from './ports/log-tail.ts'

export interface ArchiveStanding {
  readonly position: number
  /** Messages of the log that are not mirrored yet. */
  readonly lag: number
  /** Streams of which the archivist of this process found something else there. */
  readonly differing: number
}

/** `archivist` is null where another process mirrors. */
export const createArchiveStanding = (
  archive: Pick<Archive, 'place'>,
  tail: Pick<LogTail<unknown>, 'head'>,
  archivist: () => Pick<RunningArchivist, 'status'> | null,
) => {
  const standing = async (): Promise<ArchiveStanding> => {
    const [place, { sequence }] = await Promise.all([archive.place(), tail.head()])
    const position = place?.position ?? 0
    return { position, lag: Math.max(0, sequence - position), differing: archivist()?.status().differing ?? 0 }
  }
  return {
    standing,
    /** @throws why it does not follow. */
    describe: async (): Promise<string> => {
      const { position, lag, differing } = await standing()
      const trouble = archivist()?.status().trouble ?? null
      if (trouble !== null) throw new Error(trouble)
      if (differing > 0) {
        throw new Error(
          `${differing} streams there are not those of the log; see: casebook audit verify --against archive`,
        )
      }
      return `mirrored up to ${position}, ${lag} to go`
    },
  }
}
