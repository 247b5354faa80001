// Every page of the dashboard has its picture in both themes, and together they stay small.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pictures } from '../../scripts/screenshots/pictures.ts'

const folder = 'docs/screenshots'

test('every route of the dashboard is pictured', () => {
  const router = readFileSync('dashboard/src/app/router.tsx', 'utf8')
  const routes = [...router.matchAll(/^ {2}path: '([^']+)',$/gm)].map(([, path]) => path)
  assert.ok(routes.length > 20)
  assert.equal(
    routes.filter((path) => !pictures.some(({ route }) => route === path)),
    [],
    'add it to scripts/screenshots/pictures.ts and run: npm run screenshots',
  )
  assert.equal(
    pictures.filter(({ route }) => !routes.includes(route)),
    [],
    'no such page',
  )
})

test('the folder has each picture in light and dark, nothing else, and less than 3 MB', () => {
  const files = readdirSync(folder)
  const wanted = pictures.flatMap(({ name }) => [`${name}.dark.png`, `${name}.light.png`])
  assert.equal(files.toSorted(), wanted.toSorted(), 'run: npm run screenshots')
  assert.ok(files.reduce((sum, file) => sum + statSync(`${folder}/${file}`).size, 0) < 3_000_000)
})

test.run()
