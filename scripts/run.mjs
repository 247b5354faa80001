// Starts a TypeScript entry on Node 24: the one npm installed, else this one when it is new enough.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const needed = 24
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Runs `entry` in this process when Node is new enough, else hands over to the bundled Node 24. */
export async function run(entry, args) {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= needed) {
    process.argv = [process.argv[0], resolve(root, entry), ...args]
    await import(pathToFileURL(resolve(root, entry)).href)
    return
  }
  const bundled = join(root, 'node_modules', 'node', 'bin', 'node')
  if (!existsSync(bundled)) {
    console.error(
      `casebook needs Node ${needed} or newer; this is Node ${process.versions.node}.\n` +
        `Run 'npm ci' with install scripts enabled (it brings Node ${needed}), or install Node ${needed} and try again.`,
    )
    process.exit(1)
  }
  // The channel carries nothing: its end tells the child of ours, however we end.
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc']
  const child = spawn(bundled, [resolve(root, entry), ...args], { stdio })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [entry, ...args] = process.argv.slice(2)
  await run(entry, args)
}
