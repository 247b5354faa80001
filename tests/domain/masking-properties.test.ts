// What holds for every text: masking twice is masking once, a planted secret never shows, and all else stays as it was.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maskJson, maskText } from '../../domain/masking/mask.ts'
import type { GroupName } from '../../domain/masking/patterns.ts'
import { type JsonValue, jsonValue } from '../../schemas/json-value.ts'

const runs = 600
const groupings: readonly (readonly GroupName[])[] = [['all'], ['secrets'], ['security', 'kubernetes'], ['kubernetes']]

/** Words and marks that mean something to the masker, thrown together. */
const words = [
  ...['password', 'db_password', 'token', 'secret', 'apiKey', 'Authorization', 'Bearer', 'Cookie', 'user', 'status'],
  ...['value', 'name', 'kind', 'Secret', 'data', 'stringData', 'type', 'Opaque', 'args', 'required', 'true', 'null'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as a template of another language has it.
  ...['hunter22', 'a', 'x1', '12', '--password', '-p', '${X}', '{{ x }}', 'YWRtaW4=', 'abc123def456ghi', '[1]'],
  ...['https://db.example.org/x', 'bob@example.com', 'AKIAIOSFODNN7EXAMPLE', 'postgres://a:b2c@h/x'],
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N',
  ...['-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', 'MIIEpAIBAAKCAQEA7x', '__MASKED_PASSWORD__'],
]
const marks = [
  ...[': ', '=', ' ', '\n', '\n  ', '\n- ', '"', "'", '`', '{', '}', '[', ']', ',', ', ', ';', '&', '\\', '\\"'],
  ...['\\n', '<', '>', '|', '\t', '\r\n', '--', ':', '=>', '/', '@', '.'],
]
const messy = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...words) },
      { weight: 5, arbitrary: fc.constantFrom(...marks) },
      { weight: 1, arbitrary: fc.string({ maxLength: 5 }) },
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''))

const members = fc.oneof(messy, fc.constantFrom(...words), fc.integer(), fc.boolean(), fc.constant(null))
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    members,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...words), messy), tie('json'), { maxKeys: 4 }),
  ),
}))
const jsonValues = json.map((value): JsonValue => jsonValue.parse(JSON.parse(JSON.stringify(value))))

for (const groups of groupings) {
  test(`masking masked text changes nothing (${groups.join(', ')})`, () => {
    fc.assert(
      fc.property(messy, (text) => {
        const once = maskText(text, { groups }).text
        assert.is(maskText(once, { groups }).text, once)
      }),
      { numRuns: runs },
    )
  })
}

test('masking a masked JSON value, or its text, changes nothing', () => {
  fc.assert(
    fc.property(jsonValues, (value) => {
      const once = maskJson(value, { groups: ['all'] })
      assert.equal(maskJson(once, { groups: ['all'] }), once)
      const text = maskText(JSON.stringify(value, null, 1), { groups: ['all'] }).text
      assert.is(maskText(text, { groups: ['all'] }).text, text)
    }),
    { numRuns: runs },
  )
})

test('the text of a JSON value is masked as the value is, and stays JSON', () => {
  const groups = ['secrets', 'kubernetes'] as const
  fc.assert(
    fc.property(jsonValues, (value) => {
      fc.pre(typeof value === 'object' && value !== null)
      const masked = JSON.parse(maskText(JSON.stringify(value), { groups }).text)
      assert.equal(masked, JSON.parse(JSON.stringify(maskJson(value, { groups }))))
    }),
    { numRuns: runs },
  )
})

test('what is not masked stays where it was, byte for byte', () => {
  fc.assert(
    fc.property(messy, (text) => {
      fc.pre(!/[{[]/.test(text) && !text.includes('__MASKED_'))
      let at = 0
      for (const piece of maskText(text, { groups: ['all'] }).text.split(/__MASKED_[A-Z0-9_]+?__/)) {
        const found = text.indexOf(piece, at)
        assert.is.not(found, -1, `${JSON.stringify(piece)} is not in ${JSON.stringify(text)}`)
        at = found + piece.length
      }
    }),
    { numRuns: runs },
  )
})

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      maskText(text, { groups: ['all'] })
    }),
    { numRuns: runs },
  )
})

const secretKeys = [
  ...['password', 'db_password', 'DB_PASSWORD', 'passwd', 'pwd', 'apiKey', 'api_key', 'x-api-key', 'client_secret'],
  ...['secret_key', 'access_token', 'authToken', 'auth_token', 'private_key', 'GITHUB_TOKEN', 'secret'],
]
const plainSecret = fc
  .string({ minLength: 10, maxLength: 30, unit: fc.constantFrom(...'abcdefghijkmnpqrstuvwxyzABCDEFGH23456789') })
  .map((middle) => `S3${middle}z9Q`)
/** For places where quotes say where the value ends. */
const trickySecret = fc
  .string({ minLength: 6, maxLength: 20, unit: fc.constantFrom(...'abcXYZ0189!@#$%^*()_+-/.?~|:;,&=[]{}<>') })
  .map((middle) => `S3c${middle}z9Q`)

type Form = readonly [name: string, write: (key: string, secret: string) => string]
const quoted: readonly Form[] = [
  ['quoted pair', (key, secret) => `"${key}": "${secret}"`],
  ['single quotes', (key, secret) => `'${key}': '${secret}'`],
  ['quoted value', (key, secret) => `${key}="${secret}"`],
  ['single-quoted value', (key, secret) => `${key}='${secret}'`],
  ['JSON', (key, secret) => JSON.stringify({ [key]: secret })],
  ['JSON in JSON', (key, secret) => JSON.stringify(JSON.stringify({ [key]: secret }))],
  [
    'JSON in JSON in JSON',
    (key, secret) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ [key]: secret }) }) }),
  ],
]
const bare: readonly Form[] = [
  ['environment', (key, secret) => `${key}=${secret}`],
  ['YAML', (key, secret) => `${key}: ${secret}`],
  ['flag', (key, secret) => `--${key} ${secret}`],
  ['flag with =', (key, secret) => `--${key}=${secret}`],
  ['query', (key, secret) => `?a=b&${key}=${secret}&c=d`],
  ['export', (key, secret) => `export ${key}=${secret}`],
  ['element', (key, secret) => `<${key}>${secret}</${key}>`],
  ['YAML block', (key, secret) => `\n  ${key}: |\n    ${secret}\n`],
  ['no space', (key, secret) => `${key}:${secret}`],
  ['braces', (key, secret) => `{${key}:${secret}}`],
  ['parentheses', (key, secret) => `(${key}=${secret})`],
  ['assignment', (key, secret) => `${key} := ${secret}`],
  ['name and value', (key, secret) => `\n- name: ${key}\n  value: ${secret}\n`],
  ['list of arguments', (key, secret) => `["--${key}", "${secret}"]`],
]
const before = fc.constantFrom(
  ...['', 'level=info ', '2024-01-01T00:00:00Z ERROR ', 'user: bob\n', '{"a":1}\n', '[x] ', 'msg="hi" ', '/a/b?c=d '],
)
const after = fc.constantFrom('', '\n', ' retry=3', '\nport: 80\n', ' and then it failed', ' (code 7)')

/** More groups hide no less: the smallest that has the pattern, and every larger one. */
const hides = (write: Form[1], secret: fc.Arbitrary<string>): void => {
  fc.assert(
    fc.property(fc.constantFrom(...secretKeys), secret, before, after, (key, planted, head, tail) => {
      const text = head + write(key, planted) + tail
      for (const groups of [['secrets'], ['security', 'kubernetes'], ['all']] as const) {
        const masked = maskText(text, { groups }).text
        assert.not.ok(masked.includes(planted.slice(3, -3)), `${text} became ${masked}`)
        assert.ok(masked.startsWith(head.trimEnd()), `${text} became ${masked}`)
      }
    }),
    { numRuns: 120 },
  )
}

for (const [name, write] of [...quoted, ...bare]) {
  test(`a secret never shows: ${name}`, () => hides(write, plainSecret))
}
for (const [name, write] of quoted) {
  test(`a secret of punctuation never shows in quotes: ${name}`, () => hides(write, trickySecret))
}

const harmlessWords = fc.constantFrom(
  ...['the', 'pod', 'api-7d9f8b6c5-x2x4z', 'restarted', 'twice', '4.2%', '10.0.0.12:9100', 'CrashLoopBackOff'],
  ...['partition_key: abc12345', 'tokenizer=cl100k', 'max_tokens: 4096', 'bypass: on', 'PWD=/home/app', 'level=info'],
  ...['/var/log/syslog', 'https://example.org/a?b=c', '2024-05-01T10:00:00Z', 'éàü', '😀', '"quoted"', "it's", '[x]'],
)
test('text without secrets comes back as it was', () => {
  const texts = fc
    .array(fc.tuple(harmlessWords, fc.constantFrom(' ', '\n', ', ', '; ', '\r\n', '\t')))
    .map((pairs) => pairs.map((pair) => pair.join('')).join(''))
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(maskText(text), { text, found: {} })
    }),
    { numRuns: runs },
  )
})

test.run()
