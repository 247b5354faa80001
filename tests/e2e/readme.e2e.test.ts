// The examples of the documents, run as they stand against a real process; their answers have the shape that is printed.
import { execFile } from 'node:child_process'
import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connect, headers } from '@nats-io/transport-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { startCasebook } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { codesIn, documents, type FencedBlock, fencedBlocks, readDocument, root } from '../support/markdown.ts'
import { temporaryFolder } from '../support/servers.ts'

const run = promisify(execFile)
const folder = temporaryFolder()
const dataFolder = join(folder, 'data')
const casebook = await startCasebook({ CASEBOOK_DATA_DIR: dataFolder })
test.after(async () => {
  await casebook.stop()
  rmSync(folder, { recursive: true, force: true })
})

// A stream never ends by itself: it is left when it has told something. Everything else says with which status it was answered.
const prelude = `
set -euo pipefail
heard() {
  local listener
  : > ${folder}/heard
  (exec curl --max-time 60 "$@" > ${folder}/heard) & listener=$!
  until grep -q '^data: ' ${folder}/heard || ! kill -0 $listener 2> /dev/null; do sleep 0.05; done
  kill $listener 2> /dev/null || true
  wait $listener || true
  cat ${folder}/heard
}
curl() {
  case " $* " in *" -sN "*) heard "$@";; *) command curl -w '%{stderr}%{http_code} %{url}\\n' "$@";; esac
}
touch variables
. ./variables
cd ${root}
set -a
`
const postlude = `\nset +a\nexport -p > ${folder}/variables\n`

interface Ran {
  readonly stdout: string
  /** Of each call of curl but for streams, in order. */
  readonly statuses: readonly number[]
}

const runBlock = async (text: string): Promise<Ran> => {
  const script = prelude + text.replaceAll('http://127.0.0.1:8080', casebook.url) + postlude
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, CASEBOOK_URL: casebook.url }
  const { stdout, stderr } = await run('bash', ['-c', script], {
    cwd: folder,
    env,
    timeout: 300_000,
    maxBuffer: 2 ** 26,
  })
  const statuses = [...stderr.matchAll(/^(\d{3}) http/gm)].map((match) => Number(match[1]))
  await settled(stdout)
  return { stdout, statuses }
}

const answered = async (path: string): Promise<unknown> => {
  const answer = await fetch(`${casebook.url}${path}`)
  assert.ok(answer.ok, `${path}: ${answer.status}`)
  return answer.json()
}
const listed = z.object({ items: z.array(z.looseObject({ lag: z.int().optional() })) })
const standings = z.object({
  items: z.array(z.object({ consumer: z.string(), stream: z.string(), pending: z.int(), inFlight: z.int() })),
})

const caughtUp = async (): Promise<boolean> =>
  listed.parse(await answered('/v1/projections')).items.every(({ lag }) => lag === 0)
const nothingTo = async (which: RegExp): Promise<boolean> =>
  standings
    .parse(await answered('/v1/consumers'))
    .items.filter(({ stream, consumer }) => which.test(`${stream} ${consumer}`))
    .every(({ pending, inFlight }) => pending + inFlight === 0)

/** Every alert sent is decided, no session runs, and every read model knows of it: the next example finds what it speaks of. */
const settled = async (stdout: string): Promise<void> => {
  const alerts = [...stdout.matchAll(/"alertId":"(alr_\w+)"/g)].map((match) => match[1])
  const wait = { withinMs: 180_000, everyMs: 50 }
  for (const id of alerts) await eventually(() => answered(`/v1/alerts/${id}`), wait)
  await eventually(async () => {
    // In the order in which one leads to the next: what came in, its sessions, and what follows their ends.
    if (!(await nothingTo(/^CASEBOOK_INTAKE /)) || !(await caughtUp())) return false
    const running = listed.parse(await answered('/v1/sessions?status=queued,running,summarizing')).items.length
    return running === 0 && (await nothingTo(/-follower$/)) && caughtUp()
  }, wait)
}

/** Blocks to run, each with the answer that is printed below it. */
const examplesOf = (
  document: string,
  language = 'sh',
): readonly { readonly block: FencedBlock; readonly answer: unknown }[] => {
  const blocks = fencedBlocks(readDocument(document))
  return blocks.flatMap((block, index) => {
    const next = blocks[index + 1]
    if (block.language !== language) return []
    return [{ block, answer: next?.language === 'json' ? JSON.parse(next.text) : undefined }]
  })
}

/** Starts or builds Casebook itself: what CI does, not what is asked of a running one. */
const startsCasebook = ({ text }: FencedBlock): boolean => /^(?:[A-Z_]+=\S+ )*npm /m.test(text)
/** New each time; all else is as printed. */
const volatile = new Set(['id', 'sessionId', 'correlationId', 'sequence', 'version', 'seq'])

const assertLike = (actual: unknown, printed: unknown, path: string): void => {
  if (Array.isArray(printed)) {
    assert.ok(Array.isArray(actual), path)
    printed.forEach((each, index) => {
      assertLike(Array.isArray(actual) ? actual[index] : undefined, each, `${path}[${index}]`)
    })
  } else if (typeof printed === 'object' && printed !== null) {
    const [own, expected] = [z.record(z.string(), z.unknown()).parse(actual), { ...printed }]
    // Known at once or a moment later: the text beside it says so.
    const keys = (value: object): readonly string[] =>
      Object.keys(value)
        .filter((key) => key !== 'sessionId')
        .sort()
    assert.equal(keys(own), keys(expected), path)
    for (const [key, value] of Object.entries(expected)) {
      if (!volatile.has(key)) assertLike(own[key], value, `${path}.${key}`)
      else if (key in own) assert.type(own[key], typeof value === 'number' ? 'number' : 'string', `${path}.${key}`)
    }
  } else assert.equal(actual, printed, path)
}

const holdsExamples = async (document: string): Promise<void> => {
  for (const { block, answer } of examplesOf(document)) {
    if (startsCasebook(block)) continue
    const at = `${document}:${block.line}`
    const { stdout, statuses } = await runBlock(block.text)
    const expected = z.looseObject({ status: z.int() }).safeParse(answer).data?.status
    for (const status of statuses) {
      const early = status === 409 && block.text.includes('/cancel')
      assert.ok((status >= 200 && status < 300) || early || status === expected, `${at}: ${status}\n${stdout}`)
    }
    if (answer !== undefined) assertLike(JSON.parse(stdout), answer, at)
    if (block.text.includes('/stream')) {
      assert.match(stdout, /^event: (?:snapshot|commit)$/m, at)
      assert.match(stdout, /^id: \d+$/m, at)
    }
    if (block.text.includes('npx casebook')) assert.ok(stdout.trim() !== '', at)
  }
}

test('the README: an alert by curl, its session, its stream, and the command line', () => holdsExamples('README.md'))

/** Two messages that nobody can read are parked; `$letter` and `$other` name them in the examples. */
const parkTwo = async (): Promise<void> => {
  const known = new Set((await lettersOf()).map(({ id }) => id))
  const { username, host } = new URL(readFileSync(join(dataFolder, 'nats.url'), 'utf8').trim())
  const connection = await connect({ servers: host, token: username })
  connection.publish('casebook.alerts.default', 'no alert')
  connection.publish('casebook.alerts.default', 'no alert either')
  await connection.drain()
  const [letter, other] = await eventually(
    async () => {
      const parked = (await lettersOf()).filter(({ id }) => !known.has(id))
      return parked.length >= 2 ? parked : false
    },
    { withinMs: 60_000, describe: 'two messages are parked' },
  )
  appendFileSync(join(folder, 'variables'), `\nexport letter=${letter?.id} other=${other?.id}\n`)
}
const lettersOf = async () =>
  z.object({ items: z.array(z.object({ id: z.string() })) }).parse(await answered('/v1/dead-letters')).items

test('docs/http.md: every route', async () => {
  await parkTwo()
  await holdsExamples('docs/http.md')
})

test('docs/tasks.md: tasks by curl and on the command line', () => holdsExamples('docs/tasks.md'))

test('docs/erasure.md: a session is held, released and erased', () => holdsExamples('docs/erasure.md'))

test('docs/retention.md: what a policy would erase', () => holdsExamples('docs/retention.md'))

test('docs/overrides.md: what holds for one session alone', () => holdsExamples('docs/overrides.md'))

test('a command whose reader goes first ends quietly', async () => {
  const { stdout } = await runBlock('npx casebook events --global | head -n 1')
  assert.match(stdout, /^\{"specversion":"1.0".*\}\n$/)
})

test('docs/operating.md: the commands of an operator', async () => {
  await parkTwo()
  await holdsExamples('docs/operating.md')
})

/** `nats pub|request <subject> [-H name:value] '<body>'`. */
const natsCommand = /^nats (pub|request) (\S+)((?: -H \S+)*)(?: \\\n)? +'([^']*)'$/gm

test('docs/bus.md: what is published is taken, what is requested is answered as printed', async () => {
  const { username, host } = new URL(readFileSync(join(dataFolder, 'nats.url'), 'utf8').trim())
  const connection = await connect({ servers: host, token: username })
  let commands = 0
  try {
    for (const { block, answer } of examplesOf('docs/bus.md')) {
      for (const [, how, subject = '', given = '', body = ''] of block.text.matchAll(natsCommand)) {
        commands++
        const header = headers()
        for (const [, name = '', value = ''] of given.matchAll(/-H ([^:\s]+):(\S+)/g)) header.set(name, value)
        if (how === 'pub') connection.publish(subject, body, { headers: header })
        else {
          const reply = await connection.request(subject, body, { headers: header, timeout: 30_000 })
          assertLike(reply.json(), answer, `docs/bus.md:${block.line}`)
        }
      }
    }
    await connection.flush()
  } finally {
    await connection.close()
  }
  const written = examplesOf('docs/bus.md').flatMap(({ block }) => [...block.text.matchAll(/^nats /gm)])
  assert.is(commands, written.length)
  assert.ok(commands > 0)
})

test('the scripts that documents name are there', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readDocument('package.json')))
  for (const document of documents()) {
    const text = readDocument(document)
    const code = [...fencedBlocks(text).map((block) => block.text), ...codesIn(text.replace(/^```[\s\S]*?^```$/gm, ''))]
    for (const [, , script = ''] of code.join('\n').matchAll(/(?:^|&& )(?:[A-Z_]+=\S+ )*npm (run )?([a-z:]+)/gm)) {
      assert.ok(script === 'ci' || script in scripts, `${document}: npm ${script}`)
    }
  }
  const ci = readDocument('.ci/run')
  for (const command of ['npm ci', 'npm run demo', 'npm test']) {
    assert.match(readDocument('README.md'), command)
    assert.match(ci, command)
  }
})

test.run()
