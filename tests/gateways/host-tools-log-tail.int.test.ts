// The log tail reads text files in its folders and nothing else, whatever it is asked for, and hides secrets on the way.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type HostTools, isRoot, withHostTools } from '../support/host-tools-world.ts'
import { temporaryFolder } from '../support/servers.ts'

const test = suite('log tail')

interface LogFolder {
  readonly logs: string
  readonly outside: string
  readonly tail: (path?: string, lines?: number) => ReturnType<HostTools['call']>
}

const withLogs = async (work: (folder: LogFolder) => Promise<void>, asNobody = false): Promise<void> => {
  const base = temporaryFolder()
  const [logs, outside] = [join(base, 'logs'), join(base, 'logs-private')]
  mkdirSync(logs)
  mkdirSync(outside)
  writeFileSync(join(outside, 'private.log'), 'planted outside\n')
  try {
    await withHostTools(
      ({ call }) =>
        work({
          logs,
          outside,
          tail: (path, lines) =>
            call('log_tail', { ...(path !== undefined && { path }), ...(lines !== undefined && { lines }) }),
        }),
      { logDirs: [logs], asNobody },
    )
  } finally {
    rmSync(base, { recursive: true })
  }
}

test('the last lines come, as many as asked for; a path may be relative to the folder', async () => {
  await withLogs(async ({ logs, tail }) => {
    writeFileSync(join(logs, 'app.log'), Array.from({ length: 200 }, (_, index) => `line ${index + 1}\n`).join(''))
    assert.is((await tail(join(logs, 'app.log'), 3)).text, 'line 198\nline 199\nline 200')
    assert.is((await tail('app.log', 1)).text, 'line 200')
    assert.is((await tail(join(logs, 'app.log'))).text.split('\n').length, 50)
    writeFileSync(join(logs, 'empty.log'), '')
    assert.is((await tail('empty.log')).text, '(empty)')
    writeFileSync(join(logs, 'unended.log'), 'no line end')
    assert.is((await tail('unended.log')).text, 'no line end')
  })
})

test('nothing outside the folders is read, by any way of writing it', async () => {
  await withLogs(async ({ logs, outside, tail }) => {
    const secret = join(outside, 'private.log')
    symlinkSync(secret, join(logs, 'link.log'))
    symlinkSync(outside, join(logs, 'folder'))
    symlinkSync('link.log', join(logs, 'link-to-link.log'))
    symlinkSync('/proc/self/environ', join(logs, 'environ.log'))
    mkdirSync(join(logs, 'sub'))
    const asked = [
      ...[secret, join(logs, 'link.log'), join(logs, 'folder', 'private.log'), join(logs, 'link-to-link.log')],
      ...[
        `${logs}/../logs-private/private.log`,
        `${logs}/sub/../../logs-private/private.log`,
        '../logs-private/private.log',
      ],
      ...[`${logs}//..//logs-private//private.log`, `${logs}-private/private.log`, '/etc/passwd', '/etc/shadow'],
      ...[
        '/proc/self/environ',
        join(logs, 'environ.log'),
        '/dev/zero',
        '/dev/stdin',
        logs,
        join(logs, 'sub'),
        '/',
        '.',
      ],
      ...[
        join(logs, 'absent.log'),
        `${secret}\0.log`,
        `${logs}/\0`,
        '~/x',
        'file:///etc/passwd',
        ' ',
        '\n',
        '//',
        '%2e%2e/x',
      ],
    ]
    const answers = await Promise.all(asked.map(async (path) => ({ path, ...(await tail(path)) })))
    for (const { path, isError, text } of answers) {
      assert.ok(isError, `${JSON.stringify(path)} was read: ${text}`)
      assert.not.match(text, 'planted outside')
      assert.match(text, 'is not a file in')
    }
    const wordsFor = (path: string): string => answers.find((each) => each.path === path)?.text.replace(path, '') ?? ''
    assert.is(wordsFor(secret), wordsFor(join(logs, 'absent.log')), 'a refusal does not tell whether the file exists')
  })
})

test('a link that stays inside is followed', async () => {
  await withLogs(async ({ logs, tail }) => {
    writeFileSync(join(logs, 'app.log.1'), 'inside\n')
    symlinkSync('app.log.1', join(logs, 'current.log'))
    assert.is((await tail(join(logs, 'current.log'))).text, 'inside')
  })
})

test('a pipe and a device are refused at once, without waiting for a writer', async () => {
  await withLogs(async ({ logs, tail }) => {
    execFileSync('mkfifo', [join(logs, 'pipe.log')])
    if (isRoot) {
      try {
        execFileSync('mknod', [join(logs, 'zero.log'), 'c', '1', '5'], { stdio: 'ignore' })
      } catch {
        // A container may forbid devices; then there is none to refuse.
      }
    }
    for (const name of ['pipe.log', 'zero.log']) {
      const { isError, text } = await tail(join(logs, name))
      assert.ok(isError, name)
      assert.match(text, 'is not a file in')
    }
  })
})

test('of a huge file only the end is read', async () => {
  await withLogs(async ({ logs, tail }) => {
    const path = join(logs, 'huge.log')
    writeFileSync(path, '')
    truncateSync(path, 20 * 1024 ** 3)
    const lines = Array.from({ length: 20_000 }, (_, index) => `entry ${index} ${'x'.repeat(40)}`).join('\n')
    appendFileSync(path, `\n${lines}\n`)
    const { text } = await tail(path, 500)
    assert.is(text.split('\n').length, 500)
    assert.match(text.split('\n').at(-1) ?? '', /^entry 19999 x+$/)
    assert.match(text.split('\n')[0] ?? '', /^entry 19500 x+$/)
  })
})

test('one line without an end is not shown in part, and long lines are cut', async () => {
  await withLogs(async ({ logs, tail }) => {
    writeFileSync(join(logs, 'one-line.log'), `password=${'s3cretpart'.repeat(60_000)}`)
    const { text } = await tail('one-line.log')
    assert.match(text, /^\(a line longer than 256\.0 KiB/)
    assert.not.match(text, 's3cretpart')
    writeFileSync(join(logs, 'long-lines.log'), `${'y'.repeat(50_000)}\n`.repeat(4))
    assert.ok((await tail('long-lines.log')).text.length < 70_000)
  })
})

test('a binary file is refused', async () => {
  await withLogs(async ({ logs, tail }) => {
    const random = randomBytes(50_000)
    writeFileSync(join(logs, 'random.bin'), random)
    writeFileSync(
      join(logs, 'no-zeros.bin'),
      random.filter((byte) => byte !== 0),
    )
    writeFileSync(join(logs, 'wtmp'), Buffer.concat([Buffer.from('tty1'), Buffer.alloc(300)]))
    for (const name of ['random.bin', 'no-zeros.bin', 'wtmp']) {
      const { isError, text } = await tail(name)
      assert.ok(isError, name)
      assert.match(text, 'is not a text file')
    }
    writeFileSync(join(logs, 'words.log'), 'größer als 😀 und \u001b[31mrot\u001b[0m\n')
    assert.match((await tail('words.log')).text, 'größer als 😀')
  })
})

const pem = (body: string): string => `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`

test('secrets are masked before the lines are counted, so that a cut does not show them', async () => {
  await withLogs(async ({ logs, tail }) => {
    writeFileSync(
      join(logs, 'a.log'),
      'user: bob\npassword: |\n  planted1one\nAuthorization: Bearer planted2abc123def456\n',
    )
    for (const lines of [1, 2, 3, 50]) assert.not.match((await tail('a.log', lines)).text, /planted/)
    writeFileSync(join(logs, 'b.log'), `${pem('MIIplanted3\n'.repeat(20))}after\n`)
    for (const lines of [1, 2, 5]) assert.not.match((await tail('b.log', lines)).text, /planted/)
    writeFileSync(join(logs, 'c.log'), `${pem(`${'MIIplanted4abcdefghijkl\n'.repeat(15_000)}`)}after the key\n`)
    assert.is((await tail('c.log', 500)).text, 'after the key')
  })
})

test('without a path the files are listed, the latest first, links and pipes left out', async () => {
  await withLogs(async ({ logs, outside, tail }) => {
    writeFileSync(join(logs, 'old.log'), 'x'.repeat(2048))
    utimesSync(join(logs, 'old.log'), 1_000_000, 1_000_000)
    mkdirSync(join(logs, 'nginx'))
    writeFileSync(join(logs, 'nginx', 'error.log'), 'x')
    writeFileSync(join(logs, 'two\nlines.log'), 'x')
    symlinkSync(join(outside, 'private.log'), join(logs, 'link.log'))
    symlinkSync(outside, join(logs, 'folder'))
    execFileSync('mkfifo', [join(logs, 'pipe')])
    const { text } = await tail()
    const lines = text.split('\n')
    assert.is(lines.length, 3)
    assert.match(lines.at(-1) ?? '', /old\.log \(2\.0 KiB, 1970-01-12T13:46:40\.000Z\)$/)
    assert.match(text, join(logs, 'nginx', 'error.log'))
    assert.match(text, 'two lines.log')
    assert.not.match(text, /link|private|pipe/)
  })
})

test('a folder that may not be read hides no other, and a file that may not be read says so', async () => {
  await withLogs(async ({ logs, tail }) => {
    writeFileSync(join(logs, 'open.log'), 'readable\n')
    mkdirSync(join(logs, 'closed'))
    writeFileSync(join(logs, 'closed', 'x.log'), 'x')
    writeFileSync(join(logs, 'closed.log'), 'x')
    chmodSync(join(logs, 'closed.log'), 0)
    chmodSync(join(logs, 'closed'), 0)
    assert.match((await tail()).text, 'open.log')
    assert.is((await tail('open.log')).text, 'readable')
    const denied = await tail('closed.log')
    assert.ok(denied.isError)
    assert.match(denied.text, 'may not be read by the user')
    assert.ok((await tail('closed/x.log')).isError)
  }, true)
})

test('folders that do not exist, and relative ones, allow nothing', async () => {
  await withHostTools(
    async ({ call }) => {
      assert.is((await call('log_tail')).text, 'no log files')
      assert.ok((await call('log_tail', { path: '/etc/hostname' })).isError)
      assert.ok((await call('log_tail', { path: 'package.json' })).isError)
    },
    { logDirs: ['/nowhere/at/all', '', 'relative', '.'] },
  )
})

test.run()
