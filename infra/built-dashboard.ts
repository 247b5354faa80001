// The folder of the built dashboard; a checkout in which nobody has built it yet does so at its first start.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Log } from '../handlers/ports/log.ts'

/** Never fails: without the packages of the build the API is served all the same, and the start page says what to run. */
export const builtDashboard = async (root: string, log: Log): Promise<string> => {
  const folder = join(root, 'dashboard', 'dist')
  if (existsSync(join(folder, 'index.html'))) return folder
  log.info({}, 'Building the dashboard, once; this takes some seconds.')
  try {
    await promisify(execFile)(process.execPath, ['scripts/build-dashboard.ts'], { cwd: root, timeout: 120_000 })
  } catch (error) {
    log.warn({ err: error }, 'The dashboard could not be built. Run npm run build to see why.')
  }
  return folder
}
