// What a tarsy.yaml says of all sessions together: how many at once, for how long, at which prices, with which summaries of results.
import type { ImportNotes } from './import-notes.ts'
import { type Fields, type Importing, listOf, membersOf, recordOf } from './importing.ts'
import type { Path } from './source-file.ts'

/** `providers` are those already imported: prices stand there by model alone. */
export const limitsOf = (content: Fields, providers: Fields, notes: ImportNotes, importing: Importing): Fields => ({
  ...queueIn(recordOf(content['queue']), notes),
  ...summariesIn(recordOf(recordOf(content['defaults'])['summarization']), notes, importing),
  ...pricesIn(recordOf(recordOf(content['system'])['cost_estimation']), providers, notes),
})

const queueIn = (source: Fields, notes: ImportNotes): Fields => {
  const atOnce = source['max_concurrent_sessions']
  const seconds = secondsOf(source['session_timeout'])
  const isCount = typeof atOnce === 'number' && Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= 5_000
  if (isCount) notes.changed(['queue', 'max_concurrent_sessions'], 'becomes defaults.queue.max_sessions')
  if (seconds !== null) {
    notes.changed(['queue', 'session_timeout'], 'becomes defaults.budgets.session.wall_seconds: then agents conclude')
  }
  return {
    ...(isCount && { queue: { max_sessions: atOnce } }),
    ...(seconds !== null && { budgets: { session: { wall_seconds: seconds } } }),
  }
}

const summariesIn = (source: Fields, notes: ImportNotes, { providers }: Importing): Fields => {
  const provider = source['llm_provider']
  if (typeof provider !== 'string') return {}
  notes.changed(['defaults', 'summarization', 'llm_provider'], 'becomes defaults.summarize_results.provider')
  return { summarize_results: { provider: providers.refer(provider) } }
}

const pricesIn = (source: Fields, providers: Fields, notes: ImportNotes): Fields => {
  const at: Path = ['system', 'cost_estimation']
  const priceOf = (rate: Fields, model: unknown, path: Path, days: Fields): readonly Fields[] => {
    const { input_per_million: input, output_per_million: output } = rate
    const ofModel = Object.keys(providers).filter((name) => recordOf(providers[name])['model'] === model)
    if (typeof input !== 'number' || typeof output !== 'number') return []
    if (ofModel.length === 0) notes.lost(path, 'no provider of the file has this model')
    else notes.changed(path, `becomes a price of ${ofModel.join(', ')} in defaults.model_prices`)
    return ofModel.map((provider) => ({ provider, model, input, output, ...days }))
  }
  const promotions = listOf(source['promotions']).flatMap((each, index) => {
    const promotion = recordOf(each)
    const [from, until] = [dayOf(promotion['start']), dayOf(promotion['end'])]
    if (from === null || until === null) return []
    return priceOf(promotion, promotion['model'], [...at, 'promotions', index], { from, until })
  })
  const rates = membersOf(source['model_rates']).flatMap(([model, rate]) =>
    priceOf(rate, model, [...at, 'model_rates', model], {}),
  )
  // Of two that hold on a day, the later one counts.
  const prices = [...rates, ...promotions]
  return prices.length === 0 ? {} : { model_prices: prices }
}

const dayOf = (value: unknown): string | null => /^\d{4}-\d{2}-\d{2}/.exec(String(value))?.[0] ?? null

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 }

/** Durations are written there as `420s` or `7m`. */
export const secondsOf = (written: unknown): number | null => {
  if (typeof written !== 'string' || !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(written)) return null
  const parts = [...written.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0)
}
