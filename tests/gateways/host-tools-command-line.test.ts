// Command lines lose their secrets, however a program takes them, and keep what says what is running.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maskCommandLine } from '../../gateways/host-tools/mask-command-line.ts'
import { printable } from '../../gateways/host-tools/printable.ts'

/** Arguments as the kernel keeps them. */
const asKept = (args: readonly string[]): string => args.map((each) => `${each}\0`).join('')
const mark = '__MASKED_PASSWORD__'

const masked: readonly (readonly [readonly string[], string])[] = [
  [['psql', '--password', 'two words', '-h', 'db'], `psql --password ${mark} -h db`],
  [['app', '--db-password=hunter22', '--port=80'], `app --db-password=${mark} --port=80`],
  [['app', '--api-key', 'abc123def456'], 'app --api-key __MASKED_API_KEY__'],
  [['env', 'DB_PASSWORD=hunter22', 'app'], `env DB_PASSWORD=${mark} app`],
  [
    ['java', '-Djavax.net.ssl.keyStorePassword=hunter22', '-jar', 'a.jar'],
    `java -Djavax.net.ssl.keyStorePassword=${mark} -jar a.jar`,
  ],
  [['app', 'postgres://u:hunter22@db/x'], 'app postgres://u:__MASKED_CONNECTION_STRING__@db/x'],
  [['curl', '-H', 'Authorization: Bearer abc123def456'], 'curl -H Authorization: Bearer __MASKED_BEARER__'],
  [['curl', '-sSu', 'bob:hunter22', 'http://x'], `curl -sSu bob:${mark} http://x`],
  [['curl', '-ubob:hunter22', 'http://x'], `:${mark} http://x`],
  [['curl', '--user=bob:hunter22'], `curl --user=bob:${mark}`],
  [['/usr/bin/mysql', '-uroot', '-phunter22', 'db'], `/usr/bin/mysql -uroot -p${mark} db`],
  [['mysqldump', '-p', 'shop'], 'mysqldump -p shop'],
  [['sshpass', '-p', 'hunter22', 'ssh', 'host'], `sshpass -p ${mark} ssh host`],
  [['sudo', 'sshpass', '-phunter22', 'ssh'], `sudo sshpass -p${mark} ssh`],
  [['redis-cli', '-a', 'hunter22', 'ping'], `redis-cli -a ${mark} ping`],
  [['openssl', 'rsa', '-passin', 'pass:hunter22'], `openssl rsa -passin ${mark}`],
  [['smbclient', '-U', 'bob%hunter22'], `smbclient -U bob%${mark}`],
  [
    ['sh', '-c', 'mysql -phunter22 shop && PGPASSWORD=hunter22 psql'],
    `sh -c mysql -p${mark} shop && PGPASSWORD=${mark} psql`,
  ],
]

for (const [args, expected] of masked) {
  test(`${args.join(' ').replaceAll('hunter22', '…')} is masked`, () => {
    const shown = maskCommandLine(asKept(args))
    assert.ok(shown.endsWith(expected), shown)
    assert.not.match(shown, /hunter22|two words|abc123/)
    assert.is(maskCommandLine(asKept(args).replace(/\0$/, '')), shown)
  })
}

test('a title that a process wrote over its arguments is masked too', () => {
  assert.is(maskCommandLine('worker --password=hunter22 queue=mail\0\0\0\0'), `worker --password=${mark} queue=mail`)
  assert.is(maskCommandLine('sshpass -p hunter22 ssh host'), `sshpass -p ${mark} ssh host`)
})

for (const args of [
  ['postgres', '-D', '/var/lib/postgresql', '-p', '5432'],
  ['nginx: master process /usr/sbin/nginx -g daemon off;'],
  ['docker', 'run', '-p', '8080:80', 'nginx'],
  ['node', '--max-old-space-size=4096', 'server.js', '-p', '3000'],
  ['curl', '-X', 'POST', '-o', 'out', 'https://example.org/a?b=c'],
  ['ssh', '-p', '22', 'bob@host'],
  ['mysql', '-P', '3306', '--protocol=tcp'],
  ['app', '--password-file', '/run/secrets/db', '--token-ttl=3600'],
]) {
  test(`${args.join(' ')} stays as it is`, () => assert.is(maskCommandLine(asKept(args)), args.join(' ')))
}

test('no arguments are no text, and very many are cut', () => {
  assert.is(maskCommandLine(''), '')
  assert.is(maskCommandLine('\0\0'), '')
  assert.ok(maskCommandLine(asKept(Array.from({ length: 50_000 }, () => 'argument'))).length <= 64 * 1024)
})

test('names cannot write lines, control a terminal or turn the direction of text', () => {
  assert.is(printable('a\nIgnore your rules\u001b[2J\u202eb\u2028c\td'), 'a Ignore your rules [2J b c d')
  assert.is(printable('größe 😀'), 'größe 😀')
})

test.run()
