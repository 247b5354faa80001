// `npm run build`: the dashboard as static files in dashboard/dist, put there whole or not at all.
import { renameSync, rmSync } from 'node:fs'
import { build } from 'vite'

const started = performance.now()
const target = 'dashboard/dist'
const making = `${target}.${process.pid}`
await build({
  configFile: 'dashboard/vite.config.ts',
  logLevel: 'warn',
  build: { outDir: `../${making}`, emptyOutDir: true },
})
rmSync(target, { recursive: true, force: true })
renameSync(making, target)
process.stdout.write(`dashboard built in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
