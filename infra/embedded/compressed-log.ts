// A log that a newer nats-server has compressed is kept from an older one: that would start without a word and drop all but its end.
import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { NatsServerTooOld } from './embedded-errors.ts'

const run = promisify(execFile)

/** `store` is where the server keeps its streams. @throws NatsServerTooOld */
export const refuseToDropCompressed = async (
  store: string,
  binary: string,
  identity: { readonly uid: number; readonly gid: number } | undefined,
): Promise<void> => {
  const compressed = globSync('**/meta.inf', { cwd: store }).some((file) =>
    /"compression":\s*"s2"/.test(readFileSync(join(store, file), 'utf8')),
  )
  if (!compressed) return
  const { stdout } = await run(binary, ['--version'], { cwd: '/', timeout: 10_000, ...identity })
  const [, version = '', major = '', minor = ''] = /v((\d+)\.(\d+)\S*)/.exec(stdout) ?? []
  if (Number(major) === 2 && Number(minor) < 10) throw new NatsServerTooOld(store, version)
}
