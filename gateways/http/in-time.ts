// An answer that does not come is told: no caller waits on a part that swallows what it is asked.
import type { FastifyReply } from 'fastify'
import { RequestRefused } from './problem.ts'

/** More than an append takes to find out that the log is away. */
export const defaultAnswerMs = 20_000

/** A stream that has begun counts as answered. @throws RequestRefused when nothing was answered in time. */
export const inTime = async <T>(work: Promise<T>, reply: FastifyReply, limitMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      if (reply.sent) return
      reject(
        new RequestRefused('no_answer_in_time', 'The outcome is not known. Ask again with the same Idempotency-Key.'),
      )
    }, limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
