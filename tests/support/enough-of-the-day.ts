// For tests of what counts by the day: begun just before midnight UTC, they wait for the next one.
import { eventually } from './eventually.ts'

const dayMs = 86_400_000
const enoughMs = 120_000

export const enoughOfTheDay = async (): Promise<void> => {
  await eventually(() => dayMs - (Date.now() % dayMs) > enoughMs, { withinMs: 2 * enoughMs, describe: 'a day begins' })
}
