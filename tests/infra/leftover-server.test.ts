// A server of an earlier run is ended before the next start, and one that is just exiting is waited for.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { endLeftover } from '../../infra/embedded/leftover-server.ts'
import { commandLineOf, startTimeOf } from '../../infra/embedded/process-identity.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryFolder } from '../support/servers.ts'

const traceOf = (pid: number | undefined) => {
  const pidFile = join(temporaryFolder(), 'server.pid')
  writeFileSync(pidFile, `${pid}\n`)
  return { pidFile, proof: 'of-this-data-folder', stopSignal: 'SIGTERM' as const }
}

test('a server that the pid file names and its command line proves is ended; a stranger of that pid is not', async () => {
  const [server, stranger] = ['of-this-data-folder', 'of-another'].map((name) =>
    spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1_000)', name], { stdio: 'ignore' }),
  )
  try {
    await eventually(() => commandLineOf(server?.pid ?? 0).includes('of-this-data-folder'))
    assert.is(await endLeftover(traceOf(server?.pid)), server?.pid)
    assert.is(startTimeOf(server?.pid ?? 0), null)
    assert.is(await endLeftover(traceOf(stranger?.pid)), null)
    assert.is.not(startTimeOf(stranger?.pid ?? 0), null)
  } finally {
    for (const child of [server, stranger]) child?.kill('SIGKILL')
  }
})

test('one that exits, and shows no command line any more, is waited for until it is gone', async () => {
  if (process.platform !== 'linux') return
  // As a process on its way out looks: `cat` without a name, which ends with its input.
  const exiting = spawn('cat', [], { argv0: '', stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = once(exiting, 'exit')
  try {
    await eventually(() => commandLineOf(exiting.pid ?? 0).trim() === '')
    let isOver = false
    const ending = endLeftover(traceOf(exiting.pid)).then((pid) => {
      isOver = true
      return pid
    })
    await new Promise(setImmediate)
    assert.not(isOver, 'it is not passed over')
    exiting.stdin.end()
    await gone
    assert.is(await ending, null)
  } finally {
    exiting.kill('SIGKILL')
  }
})

test.run()
