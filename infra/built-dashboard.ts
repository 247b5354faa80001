// The folder of the built dashboard: built at the first start of a checkout, and again when its sources are others than it was built from.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Log } from '../handlers/ports/log.ts'
import { standingOfDashboard } from './dashboard-sources.ts'

/** Never fails: without the packages of the build the API is served all the same, and the start page says what to run. */
export const builtDashboard = async (root: string, log: Log, build = buildDashboard): Promise<string> => {
  const folder = join(root, 'dashboard', 'dist')
  const standing = standingOfDashboard(root)
  if (standing === 'current') return folder
  const why =
    standing === 'stale' ? 'Its sources have changed: building the dashboard anew' : 'Building the dashboard, once'
  log.info({}, `${why}; this takes some seconds.`)
  try {
    await build(root)
  } catch (error) {
    const served = standing === 'stale' ? 'The one from before is served.' : 'The API is served without it.'
    log.warn({ err: error }, `The dashboard could not be built. ${served} Run npm ci, then npm run build to see why.`)
  }
  return folder
}

const buildDashboard = async (root: string): Promise<void> => {
  await promisify(execFile)(process.execPath, ['scripts/build-dashboard.ts'], { cwd: root, timeout: 120_000 })
}
