// What the host tools say about this machine is true: held against /proc, df and servers and processes of the test's own.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { eventually } from '../support/eventually.ts'
import { type HostTools, isRoot, withHostTools } from '../support/host-tools-world.ts'
import { temporaryFolder } from '../support/servers.ts'
import { isAlive } from '../support/tool-box-world.ts'

const test = suite('host tools')
const names = ['disk', 'listening_ports', 'load', 'log_tail', 'memory', 'processes', 'uptime']

test('there are seven tools, each described, with a schema, and read-only by its own word', async () => {
  await withHostTools(async ({ client }) => {
    const { tools } = await client.listTools()
    assert.equal(tools.map(({ name }) => name).sort(), names)
    for (const { name, description = '', annotations, inputSchema } of tools) {
      assert.ok(description.length > 20, name)
      assert.is(inputSchema.type, 'object')
      assert.equal(
        { ...annotations },
        { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      )
    }
  })
})

const meminfo = (field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024

test('memory is what the kernel says', async () => {
  await withHostTools(async ({ call }) => {
    const { text, data } = await call('memory')
    const shape = z.object({ total: z.number(), available: z.number(), usedPercent: z.number(), swapTotal: z.number() })
    const memory = shape.parse(data)
    assert.is(memory.total, meminfo('MemTotal'))
    assert.is(memory.swapTotal, meminfo('SwapTotal'))
    const apart = Math.abs(memory.available - meminfo('MemAvailable'))
    assert.ok(apart < 0.25 * memory.total, `${apart} bytes apart`)
    assert.is(memory.usedPercent, Math.round((1 - memory.available / memory.total) * 100))
    assert.match(text, `${memory.usedPercent}% used`)
  })
})

test('disk space is what df says', async () => {
  await withHostTools(async ({ call }) => {
    const shape = z.object({
      filesystems: z.array(z.object({ mount: z.string(), size: z.number(), used: z.number(), percent: z.number() })),
    })
    const { text, data } = await call('disk')
    const { filesystems } = shape.parse(data)
    const root = filesystems.find(({ mount }) => mount === '/')
    const [size = 0, used = 0, percent = 0] =
      execFileSync('df', ['-B1', '--output=size,used,pcent', '/'], {
        encoding: 'utf8',
      })
        .trim()
        .split('\n')
        .at(-1)
        ?.trim()
        .split(/[\s%]+/)
        .map(Number) ?? []
    assert.is(root?.size, size)
    assert.ok(Math.abs((root?.used ?? 0) - used) < 0.02 * size, `${root?.used} and ${used}`)
    assert.ok(Math.abs((root?.percent ?? 0) - percent) <= 2, `${root?.percent} % and ${percent} %`)
    assert.match(text, new RegExp(`^/ .*${root?.percent}%`, 'm'))
  })
})

test('load is what the kernel says, and busy is a share of all processors', async () => {
  await withHostTools(async ({ call }) => {
    const now = (): number => Number(readFileSync('/proc/loadavg', 'utf8').split(' ', 1)[0])
    const before = now()
    const { data } = await call('load')
    const after = now()
    const { load1, cpus, cpuPercent } = z
      .object({ load1: z.number(), cpus: z.number(), cpuPercent: z.number() })
      .parse(data)
    assert.ok(load1 >= Math.min(before, after) - 0.5 && load1 <= Math.max(before, after) + 0.5, `${load1}, ${before}`)
    // A container may grant fewer than there are.
    assert.ok(cpus >= 1 && cpus <= Number(execFileSync('nproc', ['--all'], { encoding: 'utf8' })), `${cpus}`)
    assert.ok(cpuPercent >= 0 && cpuPercent <= 100)
  })
})

test('uptime, host name and kernel are those of this machine', async () => {
  await withHostTools(async ({ call }) => {
    const now = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ', 1)[0])
    const before = now()
    const { text, data } = await call('uptime')
    const { uptimeSeconds } = z.object({ uptimeSeconds: z.number() }).parse(data)
    assert.ok(uptimeSeconds > before - 2 && uptimeSeconds < now() + 2, `${uptimeSeconds} after ${before}`)
    assert.match(text, hostname())
    assert.match(text, readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim())
  })
})

const listening = z.object({
  ports: z.array(z.object({ port: z.number(), address: z.string(), process: z.string() })),
})

const hasIpv6 = (): boolean => {
  try {
    return /^0{31}1 /m.test(readFileSync('/proc/net/if_inet6', 'utf8'))
  } catch {
    return false
  }
}

const listenOn = async (host: string) => {
  // Of a test that fails none is left that keeps this process waiting.
  const server = createServer().unref()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  return { port: address.port, close: () => server.close() }
}

test('ports somebody listens on are listed with address and process, and closed ones are not', async () => {
  await withHostTools(async ({ call }) => {
    const hosts = ['127.0.0.1', '0.0.0.0', ...(hasIpv6() ? ['::1', '::'] : [])]
    const servers = await Promise.all(hosts.map(async (host) => ({ host, ...(await listenOn(host)) })))
    const { text, data } = await call('listening_ports')
    const { ports } = listening.parse(data)
    for (const { host, port } of servers) {
      // Another process may have the same number at another address.
      const row = ports.find((each) => each.port === port && each.address === host)
      assert.ok(row, `${host} ${port}`)
      assert.match(row?.process ?? '', `(${process.pid})`)
      assert.match(text, new RegExp(`^${port} `, 'm'))
    }
    for (const { close } of servers) close()
    const after = listening.parse((await call('listening_ports')).data).ports
    const still = servers.filter(({ host, port }) =>
      after.some((each) => each.port === port && each.address === host && each.process.includes(`(${process.pid})`)),
    )
    assert.equal(still, [])
  })
})

const processList = z.object({
  total: z.number(),
  processes: z.array(z.object({ pid: z.number(), rss: z.number(), cpuPercent: z.number(), command: z.string() })),
})

/** Few at a time, as only the beginning of a command line is shown. */
const secretArguments: readonly (readonly [string, readonly string[]])[] = [
  ['hunter22secret', ['--password=hunter22secret']],
  ['tok3n-abc-123', ['--token', 'tok3n-abc-123']],
  ['words here', ['--db-password', 'two words here']],
  ['p4ssInUrl99', ['postgres://app:p4ssInUrl99@db/x']],
  ['env5tyleS3cret', ['DB_PASSWORD=env5tyleS3cret']],
  ['shell0nly77', ['mysql -pshell0nly77 -e "select 1"']],
]

/** A process under a name of its own. */
const withProbe = async (
  args: readonly string[],
  work: (pid: number, name: string) => Promise<void>,
): Promise<void> => {
  const folder = temporaryFolder()
  const name = `probe-${process.pid}`
  writeFileSync(
    join(folder, 'p.cjs'),
    'const held = Buffer.alloc(64e6, 1); console.log("up"); setInterval(() => held, 1e3)',
  )
  const child = spawn(process.execPath, ['p.cjs', ...args], {
    argv0: name,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  try {
    await Promise.race([once(child.stdout, 'data'), gone])
    await work(child.pid ?? 0, name)
  } finally {
    child.kill('SIGKILL')
    await gone
    rmSync(folder, { recursive: true })
  }
}

test('processes are those of /proc, with the memory the kernel counts', async () => {
  await withProbe([], async (pid, name) => {
    await withHostTools(async ({ call }) => {
      const all = processList.parse((await call('processes', { by: 'memory', limit: 50 })).data)
      const known = readdirSync('/proc').filter((each) => /^\d+$/.test(each)).length
      assert.ok(Math.abs(all.total - known) < 0.3 * known + 10, `${all.total} and ${known}`)
      const sizes = all.processes.map(({ rss }) => rss)
      assert.equal(
        sizes,
        [...sizes].sort((a, b) => b - a),
      )
      const { processes } = processList.parse((await call('processes', { process: name })).data)
      assert.equal(
        processes.map((each) => each.pid),
        [pid],
      )
      const status = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
      const rss = processes[0]?.rss ?? 0
      assert.ok(rss > 64e6 && Math.abs(rss - status) < 0.2 * status, `${rss} and ${status}`)
    })
  })
})

for (const [secret, args] of secretArguments) {
  test(`a secret in a command line does not leave: ${args.join(' ').replace(secret, '…')}`, async () => {
    await withProbe(args, async (_, name) => {
      await withHostTools(async ({ client }) => {
        const answer = JSON.stringify(await client.callTool({ name: 'processes', arguments: { process: name } }))
        assert.match(answer, `${name} p.cjs`)
        assert.match(answer, '__MASKED_')
        assert.not.ok(answer.includes(secret), answer)
      })
    })
  })
}

test('a process that nobody has is told by an empty list', async () => {
  await withHostTools(async ({ call }) => {
    const { text, data } = await call('processes', { process: 'no-such-process-name' })
    assert.match(text, /^0 of \d+ processes/)
    assert.equal(processList.parse(data).processes, [])
  })
})

const usesEveryTool = async ({ call }: HostTools): Promise<void> => {
  for (const name of names) {
    const { isError, text } = await call(name)
    assert.not.ok(isError, `${name}: ${text}`)
    assert.ok(text.length > 5, `${name}: ${text}`)
  }
}

test('every tool answers', () => withHostTools(usesEveryTool))

test('every tool answers without root; a port of another user is listed without its process', async () => {
  const { port, close } = await listenOn('127.0.0.1')
  await withHostTools(
    async (tools) => {
      await usesEveryTool(tools)
      const status = readFileSync(`/proc/${tools.pid}/status`, 'utf8')
      if (isRoot) assert.match(status, /^Uid:\s+65534\s+65534/m)
      const row = listening.parse((await tools.call('listening_ports')).data).ports.find((each) => each.port === port)
      if (isRoot) assert.is(row?.process, 'unknown')
      else assert.match(row?.process ?? '', `(${process.pid})`)
    },
    { asNobody: true },
  )
  close()
})

test('arguments that do not fit are refused, and the server goes on', async () => {
  await withHostTools(async ({ client, call }) => {
    for (const args of [{ limit: 0 }, { limit: 1e9 }, { by: 'colour' }, { process: 7 }]) {
      const outcome = await client.callTool({ name: 'processes', arguments: args }).catch((error: unknown) => error)
      assert.ok(outcome instanceof Error || JSON.stringify(outcome).includes('"isError":true'), JSON.stringify(args))
    }
    assert.not.ok((await call('uptime')).isError)
  })
})

test('the server ends when its client is gone', async () => {
  let pid = 0
  await withHostTools(async (tools) => {
    pid = tools.pid
    assert.ok(isAlive(pid))
  })
  await eventually(() => !isAlive(pid))
})

test.run()
