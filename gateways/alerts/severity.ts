// The many words and numbers for how bad it is, as one scale.
import type { AlertSeverity } from '../../schemas/alert.ts'

const words: Readonly<Record<AlertSeverity, readonly string[]>> = {
  critical: ['critical', 'crit', 'fatal', 'emergency', 'emerg', 'page', 'disaster', 'sev1', 'sev-1', 'p1'],
  high: ['high', 'error', 'err', 'major', 'urgent', 'alert', 'sev2', 'sev-2', 'p2'],
  warning: ['warning', 'warn', 'minor', 'medium', 'moderate', 'average', 'sev3', 'sev-3', 'p3'],
  info: ['info', 'informational', 'information', 'notice', 'none', 'ok', 'debug', 'trace', 'sev4', 'sev-4', 'p4'],
  low: ['low', 'trivial', 'sev5', 'sev-5', 'p5'],
}

const scale: readonly AlertSeverity[] = ['critical', 'high', 'warning', 'info', 'low']

const byWord: ReadonlyMap<string, AlertSeverity> = new Map(
  scale.flatMap((severity) => words[severity].map((word) => [word, severity] as const)),
)

/** Every word understood, for messages. */
export const severityWords: readonly string[] = [...byWord.keys()]

/** @returns null for a word nobody knows. */
export const severityOf = (word: string): AlertSeverity | null => byWord.get(word.trim().toLowerCase()) ?? null

/** OpenTelemetry severity numbers: 1–24 in steps of four from trace to fatal. */
export const severityOfNumber = (value: number): AlertSeverity => {
  if (value >= 21) return 'critical'
  if (value >= 17) return 'high'
  if (value >= 13) return 'warning'
  return 'info'
}
