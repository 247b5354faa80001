// The document of a session names the files its page needs, and no other document does.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isSessionPage, sessionPreloads } from '../../gateways/http/page-preloads.ts'

const folder = mkdtempSync(join(tmpdir(), 'casebook-preloads-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

test('a session page names its files and theirs, but none that every page loads; an older build names none', () => {
  assert.is(sessionPreloads(folder), '')
  mkdirSync(join(folder, '.vite'))
  const chunks = {
    'index.html': { file: 'assets/index.js', isEntry: true, imports: ['_react.js'] },
    '_react.js': { file: 'assets/react.js' },
    '_widgets.js': { file: 'assets/widgets.js', imports: ['_react.js'] },
    'src/pages/session/session-page.tsx': { file: 'assets/session.js', imports: ['_widgets.js', 'index.html'] },
    'src/pages/tasks/tasks-page.tsx': { file: 'assets/tasks.js', imports: ['_widgets.js'] },
  }
  writeFileSync(join(folder, '.vite', 'manifest.json'), JSON.stringify(chunks))
  assert.is(
    sessionPreloads(folder),
    '<link rel="modulepreload" crossorigin href="/assets/session.js"><link rel="modulepreload" crossorigin href="/assets/widgets.js">',
  )
})

test('only the address of a session itself is its page', () => {
  assert.equal(['/sessions/ses_1', '/sessions/ses_1/events', '/sessions/new', '/sessions', '/'].map(isSessionPage), [
    true,
    false,
    false,
    false,
    false,
  ])
})

test.run()
