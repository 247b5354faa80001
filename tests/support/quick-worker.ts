// Runs quick test files one after another, as its parent names them: Node's start and the same modules again are most of what each costs alone.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

const task = z.object({ file: z.string(), folder: z.string() })

let output = ''
const write = (chunk: string | Uint8Array): boolean => {
  output += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
  return true
}
// Sent with the result: what goes through a pipe of its own may come after it.
Object.assign(process.stdout, { write })
const stderr = process.stderr.write.bind(process.stderr)
Object.assign(process.stderr, { write })
// Of the file that ends this process, what it has said is told on the way out.
process.once('exit', () => void stderr(output))

// As uvu's own command line does before it loads uvu: files queue their suites, and run when told.
const queue: unknown[][] = []
Object.assign(globalThis, { UVU_DEFER: 1, UVU_QUEUE: queue, UVU_INDEX: 0 })
const { exec } = await import('uvu')

process.on('message', async (message) => {
  const { file, folder } = task.parse(message)
  process.env['TMPDIR'] = folder
  output = ''
  queue.splice(0, queue.length, [null])
  await import(pathToFileURL(resolve(file)).href)
  await exec()
  process.send?.(output)
  output = ''
  process.exitCode = 0
})
