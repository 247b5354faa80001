// The port a server had last time, so that its address outlives a restart of Casebook; another one when it is taken.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { EmbeddedServerFailed } from './embedded-errors.ts'
import { freePort, isFree } from './free-port.ts'

const remembered = z.record(z.string(), z.int().min(1).max(65_535))
const attempts = 3

/**
 * Starts on the remembered port or a free one. Between choosing a port and listening on it another process may
 * take it, so a server that ends by itself gets two more tries. @throws what `start` throws.
 */
export const onRememberedPort = async <T>(
  folder: string,
  name: string,
  start: (port: number) => Promise<T>,
): Promise<T> => {
  const file = join(folder, 'ports.json')
  for (let attempt = 1; ; attempt++) {
    const last = read(file)[name]
    const port = last !== undefined && (await isFree(last)) ? last : await freePort()
    try {
      const started = await start(port)
      writeFileSync(file, `${JSON.stringify({ ...read(file), [name]: port })}\n`)
      return started
    } catch (error) {
      if (!(error instanceof EmbeddedServerFailed && error.ended) || attempt === attempts) throw error
      await delay(200 * attempt)
    }
  }
}

const read = (file: string): z.infer<typeof remembered> => {
  try {
    return remembered.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}
