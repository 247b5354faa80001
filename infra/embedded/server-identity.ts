// PostgreSQL refuses to run as root: then it runs as another user, in folders that user can reach.
import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { promisify } from 'node:util'

export interface Identity {
  readonly uid: number
  readonly gid: number
}

const run = promisify(execFile)
const nobody = 65_534

/**
 * Who already owns one of the clusters stays their owner: the server refuses a folder that is not its user's own.
 * @returns undefined when we are not root and stay who we are.
 */
export const unprivilegedIdentity = (clusters: readonly string[]): Identity | undefined => {
  if (process.getuid?.() !== 0) return undefined
  for (const cluster of clusters) {
    const stats = statSync(cluster, { throwIfNoEntry: false })
    if (stats !== undefined && stats.uid !== 0) return { uid: stats.uid, gid: stats.gid }
  }
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  return { uid: Number(user?.[2] ?? nobody), gid: Number(user?.[3] ?? nobody) }
}

/** As root, whoever owns the folder: files that root leaves in it would be closed to its owner. */
export const ownerIdentity = async (folder: string): Promise<Identity | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  const { uid, gid } = statSync(folder)
  return uid !== 0 && (await canEnter(folder, { uid, gid })) ? { uid, gid } : undefined
}

/** Tried, not computed: access lists and mount options count too. */
export const canEnter = async (folder: string, identity: Identity | undefined): Promise<boolean> => {
  if (identity === undefined) return true
  try {
    await run('sh', ['-c', 'cd -- "$1"', 'sh', folder], { cwd: '/', ...identity })
    return true
  } catch {
    return false
  }
}
