// `npm run build`: the dashboard as static files in dashboard/dist, put there whole or not at all.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const started = performance.now()
const target = 'dashboard/dist'
const making = `${target}.${process.pid}`
await build({
  configFile: 'dashboard/vite.config.ts',
  logLevel: 'warn',
  build: { outDir: `../${making}`, emptyOutDir: true },
})
// Beside each file what is sent to a browser that takes gzip, which all do.
const assets = join(making, 'assets')
for (const name of readdirSync(assets))
  writeFileSync(join(assets, `${name}.gz`), gzipSync(readFileSync(join(assets, name)), { level: 9 }))
rmSync(target, { recursive: true, force: true })
renameSync(making, target)
process.stdout.write(`dashboard built in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
