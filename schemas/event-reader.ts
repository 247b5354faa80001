// From a stored type and its data to the present shape of the event, through every version in between.
import { z } from 'zod'
import type { EarlierVersion } from './event-versions.ts'

/** Why a message is not a commit. */
export class MalformedCommit extends Error {}

export interface EventShapes {
  /** The present shape of each type. */
  readonly current: Readonly<Record<string, z.ZodType>>
  readonly earlier: Readonly<Record<string, readonly EarlierVersion[]>>
}

const typePattern = /^casebook\.(.+)\.v([1-9]\d*)$/

export const presentVersion = ({ earlier }: EventShapes, type: string): number => (earlier[type]?.length ?? 0) + 1

/**
 * @returns null for a type, or a version of it, that this build does not know.
 * @throws MalformedCommit when the data does not fit the version it is stored under.
 */
export const readStored = (
  shapes: EventShapes,
  stored: string,
  data: unknown,
): { readonly type: string; readonly data: unknown } | null => {
  const [, type, digits] = typePattern.exec(stored) ?? []
  if (type === undefined || !Object.hasOwn(shapes.current, type)) return null
  const version = Number(digits)
  if (version > presentVersion(shapes, type)) return null
  try {
    const upcast = (shapes.earlier[type] ?? []).slice(version - 1).reduce((value, step) => step.upcast(value), data)
    return { type, data: shapes.current[type]?.parse(upcast) }
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw new MalformedCommit(`${stored} does not fit its schema: ${z.prettifyError(error)}`)
  }
}
