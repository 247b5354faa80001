// Tracing is started only when the standard variables ask for it.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = resolve(import.meta.dirname, '../..')
const script = `
  import { registerHooks } from 'node:module'
  let loaded = false
  registerHooks({ resolve: (name, context, next) => { loaded ||= name.includes('sdk-node'); return next(name, context) } })
  const { startTelemetry } = await import('${root}/infra/telemetry.ts')
  const { withSpan } = await import('${root}/commands/with-span.ts')
  const telemetry = await startTelemetry(process.env)
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const traceId = await withSpan('one', { traceparent }, async (span) => span.spanContext().traceId)
  await telemetry.shutdown()
  console.log(JSON.stringify({ loaded, traceId }))
`

/** In a process of its own: what OpenTelemetry registers is global. */
const start = (variables: Readonly<Record<string, string>>) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env['PATH'], ...variables },
    encoding: 'utf8',
  })
  const told = stdout.split('\n').find((line) => line.startsWith('{"loaded"'))
  assert.ok(told, stdout + stderr)
  return { last: JSON.parse(told) as unknown, output: stdout + stderr }
}

test('without the variables nothing of the SDK is loaded', () => {
  for (const variables of [
    {},
    { OTEL_TRACES_EXPORTER: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { OTEL_TRACES_EXPORTER: 'none' },
  ]) {
    assert.equal((start(variables).last as { readonly loaded: boolean }).loaded, false)
  }
})

test('with an exporter, spans continue the trace they are given and are exported', () => {
  const { last, output } = start({ OTEL_TRACES_EXPORTER: 'console' })
  assert.equal(last, { loaded: true, traceId: '0af7651916cd43dd8448eb211c80319c' })
  assert.match(output, /name: 'one'/)
  assert.match(output, /'service\.name': 'casebook'/)
})

test('a collector that is away does not keep the process from stopping', () => {
  const { last } = start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_TIMEOUT: '300' })
  assert.equal((last as { readonly loaded: boolean }).loaded, true)
})

test.run()
