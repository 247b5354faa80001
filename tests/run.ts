// Runs every test file in its own process, a few at a time, and adds up what uvu printed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { openSandbox } from './support/left-behind.ts'

/** Quick tests need no server; the others say so by their ending. */
const slow = /\.(int|e2e|chaos|browser)\.test\.ts$/
const fileTimeoutMs = 10 * 60_000

interface FileResult {
  readonly file: string
  readonly passed: number
  readonly failed: number
  readonly seconds: number
  readonly output: string
}

const runFile = (file: string): Promise<FileResult> =>
  new Promise((resolve) => {
    const started = performance.now()
    const sandbox = openSandbox()
    const child = spawn(process.execPath, [file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Stripping the types of the same files again for each of two hundred processes is a third of the quick run.
      env: { NODE_COMPILE_CACHE: 'node_modules/.cache/node', ...process.env, TMPDIR: sandbox.folder, FORCE_COLOR: '0' },
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    const deadline = setTimeout(() => {
      output += `\n${file}: stopped after ${fileTimeoutMs / 60_000} minutes\n`
      child.kill('SIGKILL')
    }, fileTimeoutMs)
    child.on('close', async (code) => {
      clearTimeout(deadline)
      const total = [...output.matchAll(/^\s*Total:\s+(\d+)/gm)].reduce((sum, match) => sum + Number(match[1]), 0)
      const passed = [...output.matchAll(/^\s*Passed:\s+(\d+)/gm)].reduce((sum, match) => sum + Number(match[1]), 0)
      const left = await sandbox.clear()
      if (left.length > 0) output += `\n${file}: left behind: ${left.join(', ')}\n`
      // A file that ran nothing, or died after its last assertion, has failed: uvu passes silently without `test.run()`.
      const broken = total === 0 || (code !== 0 && passed === total)
      resolve({
        file,
        passed,
        failed: total - passed + (broken || left.length > 0 ? 1 : 0),
        seconds: (performance.now() - started) / 1000,
        output,
      })
    })
  })

// Before any process of a test would do it for itself, and several at once.
if (!existsSync('dashboard/dist/index.html'))
  spawnSync(process.execPath, ['scripts/build-dashboard.ts'], { stdio: 'inherit' })

const args = process.argv.slice(2)
const quick = args.includes('--quick')
const patterns = args.filter((arg) => !arg.startsWith('--'))
const files = (await Array.fromAsync(glob('tests/**/*.test.ts')))
  .map((file) => relative('.', file))
  .filter((file) => !(quick && slow.test(file)))
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  .sort((a, b) => Number(slow.test(b)) - Number(slow.test(a)) || a.localeCompare(b))

const started = performance.now()
const queue = [...files]
const results: FileResult[] = []
const worker = async (): Promise<void> => {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const result = await runFile(file)
    results.push(result)
    const mark = result.failed === 0 ? 'ok  ' : 'FAIL'
    console.log(
      `${mark} ${result.file} (${result.passed} passed, ${result.seconds.toFixed(1)} s) [${results.length}/${files.length}]`,
    )
    if (result.failed > 0) console.log(result.output)
  }
}
await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, worker))

const passed = results.reduce((sum, result) => sum + result.passed, 0)
const failed = results.reduce((sum, result) => sum + result.failed, 0)
for (const result of results.filter((each) => each.failed > 0)) console.log(`failed: ${result.file}`)
console.log(`${files.length} files in ${((performance.now() - started) / 1000).toFixed(1)} s`)
console.log(`${passed} passed, ${failed + (files.length === 0 ? 1 : 0)} failed`)
process.exit(failed === 0 && files.length > 0 ? 0 : 1)
