// How a session stands with those who ask about it: what its row and its view say of the chat.
import { z } from 'zod'
import { isAnswerId } from '../domain/session/session-ids.ts'
import type { RecordedEvent } from '../schemas/commit.ts'

export const chatCounts = z.object({
  questions: z.int(),
  /** Not answered yet. */
  open: z.int(),
  /** The execution that answers now. */
  answering: z.string().nullable(),
})
export type ChatCounts = z.infer<typeof chatCounts>

export const noChat: ChatCounts = { questions: 0, open: 0, answering: null }

export const evolveChatCounts = (chat: ChatCounts, event: RecordedEvent): ChatCounts => {
  switch (event.type) {
    case 'session.question_asked':
      return { ...chat, questions: chat.questions + 1, open: chat.open + 1 }
    case 'session.execution_started':
      return isAnswerId(event.data.executionId) ? { ...chat, answering: event.data.executionId } : chat
    case 'session.execution_ended': {
      const { executionId } = event.data
      if (!isAnswerId(executionId)) return chat
      return { ...chat, open: chat.open - 1, answering: chat.answering === executionId ? null : chat.answering }
    }
    default:
      return chat
  }
}
