// `npm run build`: the dashboard as static files in dashboard/dist, put there whole or not at all.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'vite'
import { dashboardSources, sourcesFile } from '../infra/dashboard-sources.ts'

const started = performance.now()
const root = process.cwd()
const target = 'dashboard/dist'
const making = `${target}.${process.pid}`

/** Beside the modules that the build itself names. */
const sources = new Set([
  'scripts/build-dashboard.ts',
  'dashboard/index.html',
  'dashboard/package.json',
  'dashboard/vite.config.ts',
  ...readdirSync('dashboard/public').map((name) => `dashboard/public/${name}`),
])
const noteSources: Plugin = {
  name: 'note-sources',
  generateBundle() {
    for (const id of this.getModuleIds()) {
      const path = relative(root, id.split('?')[0] ?? '')
      // Virtual modules begin with a zero byte; packages have their versions in package.json.
      const isOwn = !id.startsWith('\0') && !path.startsWith('..') && !path.includes('node_modules')
      if (isOwn) sources.add(path)
    }
  },
}
await build({
  configFile: 'dashboard/vite.config.ts',
  logLevel: 'warn',
  plugins: [noteSources],
  build: { outDir: `../${making}`, emptyOutDir: true },
})
// Beside each file what is sent to a browser that takes gzip, which all do.
const assets = join(making, 'assets')
for (const name of readdirSync(assets))
  writeFileSync(join(assets, `${name}.gz`), gzipSync(readFileSync(join(assets, name)), { level: 9 }))
writeFileSync(join(making, sourcesFile), JSON.stringify(dashboardSources(root, [...sources])))
rmSync(target, { recursive: true, force: true })
try {
  renameSync(making, target)
} catch (error) {
  // Another process that built at the same time was first: its files are the same.
  rmSync(making, { recursive: true, force: true })
  if (!existsSync(join(target, 'index.html'))) throw error
}
process.stdout.write(`dashboard built in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
