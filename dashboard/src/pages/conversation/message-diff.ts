// What one prompt has that the one before had not: messages added, gone, and those with another text in the same place.
import { diffArrays } from 'diff'

export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly text: string
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[] | undefined
  readonly toolCallId?: string | undefined
}

export type Change =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly message: Message }
  | { readonly kind: 'changed'; readonly message: Message; readonly before: Message }

export const diffMessages = (before: readonly Message[], after: readonly Message[]): readonly Change[] => {
  const changes: Change[] = []
  let gone: Message[] = []
  let [from, to] = [0, 0]
  const settle = (added: readonly Message[]): void => {
    for (const message of added) {
      const place = gone.findIndex((each) => isOther(each, message))
      const [counterpart] = place < 0 ? [] : gone.splice(0, place + 1).slice(-1)
      changes.push(
        counterpart === undefined ? { kind: 'added', message } : { kind: 'changed', message, before: counterpart },
      )
    }
  }
  const drop = (): void => {
    for (const message of gone) changes.push({ kind: 'removed', message })
    gone = []
  }
  for (const { added, removed, count } of diffArrays(before.map(written), after.map(written))) {
    if (removed) {
      gone = before.slice(from, from + count)
      from += count
    } else if (added) {
      const counterparts = new Set(gone)
      settle(after.slice(to, to + count))
      // Those that a changed one was found behind have gone for good.
      gone = [...counterparts].filter(
        (each) => !changes.some((change) => change.kind === 'changed' && change.before === each),
      )
      drop()
      to += count
    } else {
      drop()
      for (const message of after.slice(to, to + count)) changes.push({ kind: 'same', message })
      from += count
      to += count
    }
  }
  drop()
  return changes
}

const written = ({ role, text, toolCalls, toolCallId }: Message): string =>
  JSON.stringify([role, text, toolCalls, toolCallId])

/** The same place of the conversation with another text: a result that was shortened, a task told anew. */
const isOther = (a: Message, b: Message): boolean =>
  a.role === b.role && (a.role === 'tool' ? a.toolCallId === b.toolCallId : a.role !== 'assistant')
