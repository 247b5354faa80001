// A start serves the dashboard of its sources: built once, built anew when they have changed, and left alone otherwise.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { builtDashboard } from '../../infra/built-dashboard.ts'
import { dashboardSources, sourcesFile } from '../../infra/dashboard-sources.ts'
import { temporaryFolder } from '../support/servers.ts'

const sources = ['dashboard/index.html', 'dashboard/src/main.tsx', 'schemas/events.ts']

/** A checkout whose build writes what it was made from. */
const checkout = () => {
  const root = temporaryFolder()
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  for (const path of sources) write(path, path)
  const told: string[] = []
  const tell = (_: object, message: string): void => void told.push(message)
  let builds = 0
  const build = (): Promise<void> => {
    builds++
    write('dashboard/dist/index.html', `build ${builds}`)
    write(`dashboard/dist/${sourcesFile}`, JSON.stringify(dashboardSources(root, sources)))
    return Promise.resolve()
  }
  return {
    root,
    write,
    told,
    remove: (path: string) => rmSync(join(root, path), { recursive: true }),
    start: (how: () => Promise<void> = build) =>
      builtDashboard(root, { info: tell, warn: tell, error: tell }, how).then((folder) => {
        assert.is(folder, join(root, 'dashboard', 'dist'))
        return builds
      }),
    end: () => rmSync(root, { recursive: true, force: true }),
  }
}

test('the first start builds, the next does not, and one after a change of a source does so again', async () => {
  const { start, write, remove, told, end } = checkout()
  assert.equal([await start(), await start()], [1, 1])
  write('schemas/other.ts', 'of no page')
  assert.is(await start(), 1)
  write('schemas/events.ts', 'another event')
  assert.equal([await start(), await start()], [2, 2])
  remove('dashboard/src/main.tsx')
  assert.is(await start(), 3)
  assert.equal(told, [
    'Building the dashboard, once; this takes some seconds.',
    'Its sources have changed: building the dashboard anew; this takes some seconds.',
    'Its sources have changed: building the dashboard anew; this takes some seconds.',
  ])
  end()
})

test('a build that says nothing of its sources is made anew; a package without sources serves what it has', async () => {
  const { start, remove, told, end } = checkout()
  await start()
  remove(`dashboard/dist/${sourcesFile}`)
  assert.is(await start(), 2)
  told.length = 0
  remove('dashboard/index.html')
  remove('dashboard/src')
  assert.is(await start(), 2)
  assert.equal(told, [])
  end()
})

test('where nothing can be built, what is there is served, and the way out is told', async () => {
  const { start, write, told, end } = checkout()
  await start()
  write('dashboard/index.html', 'changed')
  told.length = 0
  await start(() => Promise.reject(new Error('no vite')))
  assert.is(told.length, 2)
  assert.match(told[1] ?? '', /The one from before is served. Run npm ci, then npm run build/)
  end()
})

test.run()
