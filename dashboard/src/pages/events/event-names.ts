// An event in few words: what of its stored name a person needs, and who wrote it.
import type { StoredEvent } from './stored-event.ts'

/** `casebook.session.tool_call_begun.v1` → `session.tool_call_begun`. */
export const shortType = (type: string): string => type.replaceAll(/^casebook\.|\.v\d+$/g, '')

export const actorOf = ({ authtype, authid }: StoredEvent): string => `${authtype}:${authid}`

export const versionOf = ({ sequence }: StoredEvent): number => Number(sequence)

/** Null for an event of another stream than a session's. */
export const sessionOf = ({ subject }: StoredEvent): string | null => /^session\/(.+)$/.exec(subject)?.[1] ?? null
