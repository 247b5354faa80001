// The process log: what it looks like, and what it never holds.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createLog } from '../../infra/logger.ts'
import { takeOverWarnings } from '../../infra/quiet-console.ts'

const logged = (
  write: (log: ReturnType<typeof createLog>) => void,
  level = 'info',
): readonly Readonly<Record<string, unknown>>[] => {
  const lines: string[] = []
  write(createLog(level, { write: (line) => void lines.push(line) }))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('a line has a level in words, a time people can read, its fields and its sentence', () => {
  const [line] = logged((log) => log.warn({ handler: 'planner', sequence: 7 }, 'Trying again.'))
  assert.match(String(line?.['time']), /^\d{4}-\d\d-\d\dT.*Z$/)
  assert.equal(
    { ...line, time: '' },
    { level: 'warn', time: '', handler: 'planner', sequence: 7, msg: 'Trying again.' },
  )
})

test('secrets are taken out of fields, errors, addresses and sentences', () => {
  const cause = new Error('connect to postgres://root:hu@sh@db:5432/x?sslmode=off failed')
  const [line] = logged((log) =>
    log.error(
      {
        err: new Error('no way to nats://u:hush@nats:4222', { cause }),
        token: 'hush',
        headers: { authorization: 'Bearer hush-hush-hush' },
        options: { database: { password: 'hush' } },
        url: 'https://api/v1?api_key=hush&x=1',
      },
      'Sent "Bearer hush-hush-hush" to http://me:hush@host/',
    ),
  )
  const text = JSON.stringify(line)
  assert.not.match(text, /hu@sh|hush/)
  assert.match(text, /nats:\/\/__MASKED__@nats:4222/)
  assert.is(line?.['url'], 'https://api/v1?api_key=__MASKED_API_KEY__&x=1')
})

test('a secret in any field is masked as it would be before the log', () => {
  const [line] = logged((log) =>
    log.warn({ reason: 'it said: password=hunter22-hunter22' }, 'token: ghp_0123456789abcdefghijABCDEFGHIJ012345'),
  )
  assert.not.match(JSON.stringify(line), /hunter22|ghp_0123/)
})

test('a level nobody knows is the usual one, and lower lines stay out', () => {
  assert.is(logged((log) => log.info({}, 'x'), 'loud').length, 1)
  assert.is(logged((log) => log.info({}, 'x'), 'warn').length, 0)
})

test('what libraries warn of on the console is a line of the log, without what they quote of others', () => {
  const lines = logged((log) => {
    const giveBack = takeOverWarnings(log)
    console.warn('[mcp-sdk] OAuth "invalid_grant" \u2014 trying again. Cause: "planted words\nof a server"')
    console.warn('token=%s is old', 'sk-proj-0123456789abcdefghijABCDEFGHIJ')
    giveBack()
  })
  assert.equal(
    lines.map(({ level, msg, by }) => [level, by, msg]),
    [
      ['warn', 'library', '[mcp-sdk] OAuth "invalid_grant" \u2014 trying again.'],
      ['warn', 'library', String(lines[1]?.['msg'])],
    ],
  )
  assert.not.match(JSON.stringify(lines), /planted words|sk-proj/)
})

test.run()
