// How long sessions stand still when the process that carries them on is killed and another is alive.
import { join } from 'node:path'
import { endOf, startSession } from '../tests/support/ask-casebook.ts'
import { startCasebook } from '../tests/support/casebook-process.ts'
import { eventually } from '../tests/support/eventually.ts'
import { startHeldModel } from '../tests/support/held-model.ts'
import { temporaryFolder } from '../tests/support/servers.ts'
import { type Figure, median, spreadOf } from './measure.ts'

const sessions = 8

/** Each is killed while a model answers it; what counts is when the other process asks the model in its place. */
export const benchFailover = async (
  natsUrl: string,
  databaseUrl: string,
  quick: boolean,
): Promise<readonly Figure[]> => {
  const model = await startHeldModel()
  const environment = {
    NATS_URL: natsUrl,
    DATABASE_URL: databaseUrl,
    CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data'),
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'not-a-real-key',
  }
  const door = await startCasebook({ ...environment, CASEBOOK_ROLES: 'http,bus,projections' })
  const startWorker = () => startCasebook({ ...environment, CASEBOOK_ROLES: 'handlers' })
  const patiently = { withinMs: 60_000, everyMs: 10 }
  let worker = await startWorker()
  const first: number[] = []
  const all: number[] = []
  try {
    for (let round = 0; round < (quick ? 3 : 7); round++) {
      model.hold()
      const before = model.asked()
      const ids = await Promise.all(Array.from({ length: sessions }, (_, nth) => startSession(door.url, `${nth}`)))
      await eventually(() => model.asked() === before + sessions, patiently)
      const other = await startWorker()
      const killed = performance.now()
      await worker.kill()
      await eventually(() => model.asked() > before + sessions, patiently)
      first.push((performance.now() - killed) / 1_000)
      await eventually(() => model.asked() === before + 2 * sessions, patiently)
      all.push((performance.now() - killed) / 1_000)
      model.release()
      for (const id of ids) await endOf(door.url, id)
      worker = other
    }
  } finally {
    await Promise.all([worker.stop(), door.stop()])
    await model.close()
  }
  const seconds = (values: readonly number[]): Pick<Figure, 'value' | 'spread'> => ({
    value: `${median(values).toFixed(1)} s`,
    spread: spreadOf(values),
  })
  return [
    { what: `the first of ${sessions} sessions goes on after SIGKILL`, ...seconds(first) },
    { what: 'all of them', ...seconds(all), goal: '≤ 5 s' },
  ]
}
