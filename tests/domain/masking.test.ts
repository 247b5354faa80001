// Secrets are masked by key and by shape in every form they come in, and what is no secret stays.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maskJson, maskText } from '../../domain/masking/mask.ts'
import { type PatternName, patternNames } from '../../domain/masking/patterns.ts'

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'
const pem =
  '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEpAIBAAKCAQEA7x\n-----END RSA PRIVATE KEY-----'

/** What is masked, when only this pattern is asked for. */
const positives: readonly (readonly [PatternName, string, string])[] = [
  ['password', 'db_password: hunter22', 'db_password: __MASKED_PASSWORD__'],
  ['password', 'PASSWORD=hunter22', 'PASSWORD=__MASKED_PASSWORD__'],
  ['password', 'PGPASSWORD=hunter22 psql -h db', 'PGPASSWORD=__MASKED_PASSWORD__ psql -h db'],
  ['password', '{"pwd":"hun\\"ter22","a":1}', '{"pwd":"__MASKED_PASSWORD__","a":1}'],
  ['password', "password: 'it''s me' # why", "password: '__MASKED_PASSWORD__' # why"],
  ['password', 'passphrase: correct horse battery', 'passphrase: __MASKED_PASSWORD__'],
  ['password', 'mysql --password hunter22 --host db', 'mysql --password __MASKED_PASSWORD__ --host db'],
  ['password', 'mysql --password=hunter22 --host db', 'mysql --password=__MASKED_PASSWORD__ --host db'],
  ['password', 'args:\n- --password\n- hunter22\n', 'args:\n- --password\n- __MASKED_PASSWORD__\n'],
  [
    'password',
    'GET /login?user=bob&password=hunter22&next=1',
    'GET /login?user=bob&password=__MASKED_PASSWORD__&next=1',
  ],
  ['password', 'login failed {user=bob, password=hunter22}', 'login failed {user=bob, password=__MASKED_PASSWORD__}'],
  [
    'password',
    'body: "{\\"password\\":\\"hun\\\\\\"ter\\",\\"a\\":1}"',
    'body: "{\\"password\\":\\"__MASKED_PASSWORD__\\",\\"a\\":1}"',
  ],
  ['password', 'password: |\n  line one\n  line two\nuser: x', 'password: |\n  __MASKED_PASSWORD__\nuser: x'],
  ['password', 'password:\n  hunter22\nuser: x', 'password:\n  __MASKED_PASSWORD__\nuser: x'],
  [
    'password',
    'passwords:\n- one1\n- "two2"\nuser: x',
    'passwords:\n- __MASKED_PASSWORD__\n- "__MASKED_PASSWORD__"\nuser: x',
  ],
  ['password', '- name: DB_PASSWORD\n  value: hunter22\n', '- name: DB_PASSWORD\n  value: __MASKED_PASSWORD__\n'],
  ['password', '<password>hunter22</password>', '<password>__MASKED_PASSWORD__</password>'],
  ['password', 'password={{x}}hunter22', 'password=__MASKED_PASSWORD__'],
  ['password', '["--password","hunter22"]', '["--password","__MASKED_PASSWORD__"]'],
  ['password', 'msg="x" password: hun,ter;22, user: bob', 'msg="x" password: __MASKED_PASSWORD__, user: bob'],
  ['api_key', 'apiKey: abcdef123456', 'apiKey: __MASKED_API_KEY__'],
  ['api_key', "curl -H 'X-Api-Key: abcdef123456' http://x", "curl -H 'X-Api-Key: __MASKED_API_KEY__' http://x"],
  ['api_key', 'the API key: abcdef123456 was used', 'the API key: __MASKED_API_KEY__ was used'],
  ['token', 'access_token=abc123def456&x=1', 'access_token=__MASKED_TOKEN__&x=1'],
  ['token', 'kubectl --token abc123def456', 'kubectl --token __MASKED_TOKEN__'],
  ['token', '{"authToken": "abc123def456"}', '{"authToken": "__MASKED_TOKEN__"}'],
  ['bearer', 'Authorization: Bearer abc123def456ghi', 'Authorization: Bearer __MASKED_BEARER__'],
  ['bearer', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic __MASKED_BEARER__'],
  ['bearer', 'sent bearer abc123def456ghi to it', 'sent bearer __MASKED_BEARER__ to it'],
  ['cookie', 'Cookie: session=abcdef123456; a=b', 'Cookie: __MASKED_COOKIE__'],
  ['jwt', `saw ${jwt} here`, 'saw __MASKED_JWT__ here'],
  ['connection_string', 'postgres://app:hunt@er22@db:5432/x', 'postgres://app:__MASKED_CONNECTION_STRING__@db:5432/x'],
  ['connection_string', 'redis://:hunter22@cache:6379', 'redis://:__MASKED_CONNECTION_STRING__@cache:6379'],
  ['connection_string', 'app:hunter22@tcp(db:3306)/x', 'app:__MASKED_CONNECTION_STRING__@tcp(db:3306)/x'],
  ['certificate', `key: |\n${pem}\nend`, 'key: |\n__MASKED_CERTIFICATE__\nend'],
  ['certificate', JSON.stringify({ k: pem, b: 1 }), '{"k":"__MASKED_CERTIFICATE__","b":1}'],
  ['certificate', '-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7x', '__MASKED_CERTIFICATE__'],
  [
    'certificate_authority_data',
    'certificate-authority-data: LS0tLS1CRUdJTiBD',
    'certificate-authority-data: __MASKED_CERTIFICATE_AUTHORITY_DATA__',
  ],
  ['private_key', '"private_key": "abcdef12"', '"private_key": "__MASKED_PRIVATE_KEY__"'],
  ['secret_key', 'client_secret=abcdef123456', 'client_secret=__MASKED_SECRET_KEY__'],
  ['aws_access_key', 'key AKIAIOSFODNN7EXAMPLE used', 'key __MASKED_AWS_ACCESS_KEY__ used'],
  [
    'aws_secret_key',
    'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'AWS_SECRET_ACCESS_KEY=__MASKED_AWS_SECRET_KEY__',
  ],
  ...['github_pat_', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map(
    (prefix) => ['github_token', `x ${prefix}11ABCDEFG0123456789abcdef y`, 'x __MASKED_GITHUB_TOKEN__ y'] as const,
  ),
  ['slack_token', 'xoxb-1234567890-abcdef', '__MASKED_SLACK_TOKEN__'],
  [
    'slack_token',
    'https://hooks.slack.com/services/T0/B0/XyZ123',
    'https://hooks.slack.com/services/__MASKED_SLACK_TOKEN__',
  ],
  ['vendor_key', 'sk-proj-abcdefghij0123456789', '__MASKED_VENDOR_KEY__'],
  ['ssh_key', `ssh-ed25519 ${'AAAAC3Nz'.repeat(6)} me`, 'ssh-ed25519 __MASKED_SSH_KEY__ me'],
  ['email', 'mail bob@example.com now', 'mail __MASKED_EMAIL__ now'],
  ['base64_secret', 'blob QWxhZGRpbjpvcGVuIHNlc2FtZTEyMzQ1Njc4OTA= end', 'blob __MASKED_BASE64_SECRET__ end'],
  ['base64_short', 'user: YWRtaW4=', 'user: __MASKED_BASE64_SHORT__'],
  [
    'kubernetes_secret',
    '{"kind":"Secret","data":{"a":"Yg=="}}',
    '{"kind":"Secret","data":{"a":"__MASKED_KUBERNETES_SECRET__"}}',
  ],
]

for (const [name, text, expected] of positives) {
  test(`${name} masks ${JSON.stringify(text.slice(0, 60))}`, () => {
    const { text: masked, found } = maskText(text, { patterns: [name] })
    assert.is(masked, expected)
    assert.ok((found[name] ?? 0) > 0)
    assert.is(maskText(masked, { patterns: [name] }).text, masked)
  })
}

test('every pattern has a positive example', () => {
  const shown = new Set(positives.map(([name]) => name))
  assert.equal(
    patternNames.filter((name) => !shown.has(name)),
    [],
  )
})

test('what one pass leaves looking like another secret is masked too', () => {
  const groups = { groups: ['all'] } as const
  assert.is(maskText('Authorization: /Aa0;', groups).text, 'Authorization: __MASKED_BEARER__')
  assert.is(maskText('password: password: password', groups).text, 'password: __MASKED_PASSWORD__ password')
})

test('a placeholder is no key, and a text that was masked before keeps what stood behind the secret', () => {
  for (const text of ['__MASKED_TOKEN__: hunter22', 'password: __MASKED_PASSWORD__ user bob', '__MASKED_X__=1']) {
    assert.is(maskText(text).text, text)
  }
})

test('JSON that begins with a number is read as JSON, a bracket in the middle of a secret is not', () => {
  assert.is(maskText('[0,"password: a@b",null]').text, '[0,"password: __MASKED_PASSWORD__",null]')
  assert.is(maskText("password: 'abc[1]def'").text, "password: '__MASKED_PASSWORD__'")
})

test('a custom pattern sees text and the strings of JSON as they are meant, each once', () => {
  const custom = [{ name: 'quote', pattern: /say "\w+"/, replacement: 'say "…"' }]
  assert.is(maskText('say "abc"', { custom }).text, 'say "…"')
  assert.is(maskText('{"a":"say \\"abc\\""}', { custom }).text, '{"a":"say \\"…\\""}')
  assert.equal(maskJson({ a: 'say "abc"' }, { custom }), { a: 'say "…"' })
  const growing = [{ name: 'a', pattern: /a/, replacement: 'aa' }]
  assert.is(maskText('{"n":"xax"}', { custom: growing }).text, '{"n":"xaax"}')
})

const harmless: readonly string[] = [
  'partition_key: abcdefghij0123456789',
  '{"partition_key":"abcdefghij0123456789"}',
  'bypass: disabled-by-operator',
  'bypass: disabled because of the freeze',
  'tokenizer: cl100k_base_0001',
  'primary_key: 12345',
  'password_reset_url: https://example.org/reset',
  'password_file: /run/secrets/db',
  'secretName: my-tls-2024',
  'imagePullSecret: registry-2024',
  'nextPageToken: abc123def456ghi789',
  'max_tokens: 4096',
  'PWD=/home/app',
  'tests pass: 12, fail: 3',
  'password: required',
  'the password: incorrect for user bob',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as a template of another language has it.
  'password: ${DB_PASSWORD}',
  'password: null',
  'password: {{ .Values.db.password }}',
  'password={{ .Values.db.password }} user=bob',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as a template of another language has it.
  'password: ${{ secrets.DB }} # kept elsewhere',
  '{"password":12345,"token":true,"secret":null}',
  'basic authentication is off, bearer authentication is on',
  'unit postgresql@16-main.service failed',
  'npm i left-pad@1.3.0',
  'image@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12',
  'http://prometheus.monitoring:9090/graph?g0.expr=up',
  'Unexpected token: identifier',
  'arn:aws:iam::123456789012:role/app',
  "DB_PASSWORD: <set to the key 'password' in secret 'db'> Optional: false",
  'alertname="KubePodCrashLooping" namespace="default" pod="api-7d9f8b6c5-x2x4z" container="api"',
  'Pod default/api-7d9f8b6c5-x2x4z (api) is in waiting state (reason: "CrashLoopBackOff").',
  'API server is experiencing 4.2% error rate for instance 10.0.0.12:9100, threshold: 1%',
  '{"labels":{"alertname":"HighMemory","instance":"node-1:9100"},"startsAt":"2024-05-01T10:00:00Z"}',
]

for (const text of harmless) {
  test(`nothing is masked in ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.equal(maskText(text), { text, found: {} })
  })
}

test('the rest of a JSON text stays as it was written', () => {
  const text = '{ "id": 12345678901234567890,\n  "password" : "a\\u0062c", "n": 1.0e2 }'
  assert.is(maskText(text).text, text.replace('a\\u0062c', '__MASKED_PASSWORD__'))
})

test('a value of JSON is masked under its key, in lists, beside its name and after its flag', () => {
  const value = {
    password: 'hunter22',
    pin: { password: 1234, enabled: true },
    passwords: ['one', 'two'],
    env: [
      { name: 'DB_PASSWORD', value: 'x1' },
      { name: 'MODE', value: 'fast' },
    ],
    command: ['psql', '--password', 'hunter22'],
    note: 'token=abc123def456',
  }
  assert.equal(maskJson(value), {
    password: '__MASKED_PASSWORD__',
    pin: { password: 1234, enabled: true },
    passwords: ['__MASKED_PASSWORD__', '__MASKED_PASSWORD__'],
    env: [
      { name: 'DB_PASSWORD', value: '__MASKED_PASSWORD__' },
      { name: 'MODE', value: 'fast' },
    ],
    command: ['psql', '--password', '__MASKED_PASSWORD__'],
    note: 'token=__MASKED_TOKEN__',
  })
})

test('only what is asked for is masked', () => {
  const text = 'password=hunter22 mail=bob@example.com'
  assert.is(maskText(text, { patterns: ['email'] }).text, 'password=hunter22 mail=__MASKED_EMAIL__')
  assert.is(maskText(text, { groups: ['basic'] }).text, 'password=__MASKED_PASSWORD__ mail=bob@example.com')
  assert.is(maskText(text, {}).text, text)
})

test('custom patterns mask with their own replacement, or under their name, and count', () => {
  const custom = [
    { name: 'customer', pattern: /cust-(\d+)/, replacement: 'cust-#' },
    { name: 'badge id', pattern: /badge \d+/g },
  ]
  assert.equal(maskText('cust-12 cust-13 badge 7', { custom }), {
    text: 'cust-# cust-# __MASKED_BADGE_ID__',
    found: { customer: 2, 'badge id': 1 },
  })
})

test.run()
