// Runs the test files, a few at a time, and adds up what uvu printed: those with servers each in its own process, quick ones in shared ones.
import { spawnSync } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { standingOfDashboard } from '../infra/dashboard-sources.ts'
import { type FileResult, openSharedProcess, runAlone } from './support/test-file.ts'

/** Quick tests need no server; the others say so by their ending. */
const slow = /\.(int|e2e|chaos|browser)\.test\.ts$/

const args = process.argv.slice(2)
const quick = args.includes('--quick')
const patterns = args.filter((arg) => !arg.startsWith('--'))
const files = (await Array.fromAsync(glob('tests/**/*.test.ts')))
  .map((file) => relative('.', file))
  .filter((file) => !(quick && slow.test(file)))
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  .sort((a, b) => Number(slow.test(b)) - Number(slow.test(a)) || a.localeCompare(b))

// Before any process of a test would do it for itself, and several at once; and of these sources, not of older ones.
if (files.some((file) => slow.test(file)) && standingOfDashboard('.') !== 'current')
  spawnSync(process.execPath, ['scripts/build-dashboard.ts'], { stdio: 'inherit' })

const started = performance.now()
const queue = [...files]
const results: FileResult[] = []
let done = 0
const report = (result: FileResult): void => {
  results.push(result)
  const mark = result.failed === 0 ? 'ok  ' : 'FAIL'
  console.log(
    `${mark} ${result.file} (${result.passed} passed, ${result.seconds.toFixed(1)} s) [${done}/${files.length}]`,
  )
  if (result.failed > 0) console.log(result.output)
}
const worker = async (): Promise<void> => {
  const shared = openSharedProcess()
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const result = await (slow.test(file) ? runAlone(file) : shared.run(file))
    done++
    report(result)
  }
  for (const fault of await shared.end()) report(fault)
}
await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, worker))

const passed = results.reduce((sum, result) => sum + result.passed, 0)
const failed = results.reduce((sum, result) => sum + result.failed, 0)
for (const result of results.filter((each) => each.failed > 0)) console.log(`failed: ${result.file}`)
console.log(`${files.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s`)
console.log(`${passed} passed, ${failed + (files.length === 0 ? 1 : 0)} failed`)
process.exit(failed === 0 && files.length > 0 ? 0 : 1)
