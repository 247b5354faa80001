// Where things that are fetched or copied once are kept, for all data folders of this user where possible.
import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Best first. A user without a home has only the last one. */
export const cacheFolders = (dataFolder: string): readonly string[] => {
  const user = userCache()
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
export const writableCache = (dataFolder: string): string => {
  let refusal: unknown
  for (const folder of cacheFolders(dataFolder)) {
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
