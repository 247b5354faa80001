// A session's report as it is printed: summary first, then the analysis, and who wrote it.
import type { SessionView } from '../../projections/session-view.ts'
import { plain, type Write } from './output.ts'

type Reported = Pick<SessionView, 'simulated' | 'summary' | 'finalAnalysis' | 'status' | 'cause'>

export const writeReport = (write: Write, session: Reported): void => {
  const by = session.simulated ? ' (simulated: no language model wrote this)' : ''
  if (session.summary !== null) write(`\n──── Executive summary${by} ────\n\n${plain(session.summary).trim()}\n`)
  if (session.finalAnalysis !== null) {
    const { text, blob } = session.finalAnalysis
    const cutNote =
      blob === undefined ? '' : `\n(shortened; the whole text is ${blob.bytes} bytes, blob ${blob.sha256})\n`
    write(`\n──── Final analysis${by} ────\n\n${plain(text).trim()}\n${cutNote}`)
  }
  if (session.cause !== null && session.status !== 'completed') {
    write(`\n${session.status}: ${plain(session.cause.message)}\n${plain(session.cause.nextStep)}\n`)
  }
}
