// What every command of the CLI is given: the server, a place to write, and a way to end with a code.
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { InvalidArgumentError } from 'commander'
import type { ApiClient } from './api-client.ts'
import { WrongUsage } from './cli-errors.ts'
import type { Write } from './output.ts'

export interface Cli {
  /** @throws WrongUsage when CASEBOOK_URL is no address. */
  readonly api: () => ApiClient
  readonly write: Write
  /** True when a person watches: progress may redraw its line. */
  readonly terminal: boolean
  readonly exitWith: (code: number) => void
}

export interface JsonOption {
  readonly json?: boolean
}

/** `name=value` pairs, as `--label` takes them. */
export const pairOf = (
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must be name=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** A message of the log, or a version of a session. */
export const positionOf = (text: string): number => {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.')
  return Number(text)
}

/** `--at` of a list. */
export const atOf = (text: string): string => String(positionOf(text))

/** A moment with its zone, as the API takes it: in UTC. */
export const momentOf = (text: string): string => {
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError('It must be a time with its zone, such as 2026-01-31T12:00:00Z.')
  }
  return text.endsWith('Z') ? text : new Date(text).toISOString()
}

export const countOf = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.')
  return Number(text)
}

/** @throws WrongUsage. */
export const jsonOf = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new WrongUsage(`${where} is not JSON: ${cause instanceof Error ? cause.message : ''}`, { cause })
  }
}

/** A file that is read or written while the server is talked to: its fault is not the server's. */
export const opened = async (path: string, how: 'r' | 'w'): Promise<FileHandle> => {
  try {
    const file = await open(path, how, 0o600)
    if (!(await file.stat()).isDirectory()) return file
    await file.close()
    throw new Error('it is a folder')
  } catch (cause) {
    const done = how === 'r' ? 'read' : 'written'
    throw new WrongUsage(`${path} cannot be ${done}: ${cause instanceof Error ? cause.message : ''}`, { cause })
  }
}

/** `-` is standard input. @throws WrongUsage. */
export const textOfFile = async (path: string): Promise<string> => {
  try {
    return await readFile(path === '-' ? '/dev/stdin' : path, 'utf8')
  } catch (cause) {
    throw new WrongUsage(`${path} cannot be read: ${cause instanceof Error ? cause.message : ''}`, { cause })
  }
}

/** Every item of a paged list, page by page. */
export async function* everyItem<T>(
  page: (cursor: string) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>,
): AsyncGenerator<T> {
  let cursor: string | null = ''
  while (cursor !== null) {
    const { items, next }: { readonly items: readonly T[]; readonly next: string | null } = await page(
      cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`,
    )
    yield* items
    cursor = next
  }
}
