// The simulator's answers to questions about a session that has ended: what the session itself says, and nothing new.
import type { WireMessage } from './chat-wire.ts'

/** @returns null when nobody asks a question. */
export const writeAnswer = (messages: readonly WireMessage[]): string | null => {
  const users = messages.flatMap(({ role, content }) => (role === 'user' ? [content ?? ''] : []))
  const asked = users.findLast((text) => question.test(text))
  if (asked === undefined) return null
  const [task = ''] = users
  const said = sectionOf(task, 'Executive summary') || sectionOf(task, 'Final analysis') || 'It came to no conclusion.'
  const words = (question.exec(asked)?.[1] ?? '').replace(/\s+/g, ' ').trim().slice(0, 200)
  return `You ask: "${words}"\n\nThe session says: ${said}\n\nThe simulator knows nothing beyond that.`
}

const question = /^Question from [^\n]{1,600}:\n([\s\S]{0,20000})/

const sectionOf = (task: string, heading: string): string =>
  new RegExp(`^## ${heading}\\n(\`{3,})\\n([\\s\\S]{0,2000}?)\\n\\1`, 'm').exec(task)?.[2]?.trim() ?? ''
