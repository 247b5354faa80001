// Where things that are fetched or copied once are kept, for all data folders of this user where possible.
import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Identity } from './server-identity.ts'

/** Best first. A user without a home has only the last one, and so has root on behalf of another user. */
export const cacheFolders = (dataFolder: string, identity?: Identity): readonly string[] => {
  const user = identity === undefined ? userCache() : null
  return [...(user === null ? [] : [join(user, 'casebook')]), join(dataFolder, 'cache')]
}

/** A container's user is often a bare number that no list of users knows, and then has no home to ask for. */
const userCache = (): string | null => {
  try {
    return process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  } catch {
    return null
  }
}

/** The first of them that can be written to. @throws the last refusal of the system. */
export const writableCache = (dataFolder: string, identity?: Identity): string => {
  let refusal: unknown
  for (const folder of cacheFolders(dataFolder, identity)) {
    try {
      mkdirSync(folder, { recursive: true })
      accessSync(folder, constants.W_OK)
      return folder
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}
