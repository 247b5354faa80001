// A session's report as it is printed: summary first, then the analysis with what it rests on, and who wrote it.
import type { SessionView } from '../../projections/session-view.ts'
import type { Evidence } from '../../schemas/conclusion.ts'
import { oneLine, plain, type Write } from './output.ts'

type Reported = Pick<
  SessionView,
  'simulated' | 'summary' | 'finalAnalysis' | 'outcome' | 'missing' | 'findings' | 'status' | 'cause'
>

export const writeReport = (write: Write, session: Reported): void => {
  const by = session.simulated ? ' (simulated: no language model wrote this)' : ''
  if (session.summary !== null) write(`\n──── Executive summary${by} ────\n\n${plain(session.summary).trim()}\n`)
  if (session.finalAnalysis !== null) {
    const { text, blob } = session.finalAnalysis
    const cutNote =
      blob === undefined ? '' : `\n(shortened; the whole text is ${blob.bytes} bytes, blob ${blob.sha256})\n`
    write(`\n──── Final analysis${by} ────\n\n${plain(text).trim()}\n${cutNote}`)
  }
  if (session.findings.length > 0) write(`\n──── Findings and what they rest on ────\n\n`)
  for (const finding of session.findings) for (const line of findingLines(finding)) write(`${line}\n`)
  if (session.outcome !== null) write(`\noutcome: ${session.outcome}${missingWords(session.missing)}\n`)
  if (session.cause !== null && session.status !== 'completed') {
    write(`\n${session.status}: ${plain(session.cause.message)}\n${plain(session.cause.nextStep)}\n`)
  }
}

type Finding = Reported['findings'][number]

const findingLines = ({ text, evidence, unsupported }: Finding): readonly string[] => [
  `- ${oneLine(text)}`,
  ...evidence.map((each) => `    call ${each.call}: ${oneLine(each.tool)}${outcomeWords(each)}  ${each.toolCallId}`),
  ...unsupported.map((call) => `    call ${call}: unsupported, the agent was given no such result`),
  ...(evidence.length + unsupported.length === 0 ? ['    unsupported: it names no tool call'] : []),
]

const outcomeWords = ({ outcome }: Evidence): string => (outcome === 'succeeded' ? '' : ` (${outcome})`)

const missingWords = (missing: string | null): string => (missing === null ? '' : `; missing: ${oneLine(missing)}`)
