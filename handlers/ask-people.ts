// Puts what a server asks in the middle of a tool call before people, and waits for what they say.
import { isDeepStrictEqual } from 'node:util'
import type { SessionReader } from '../commands/command-bus.ts'
import { maskJson, maskText } from '../domain/masking/mask.ts'
import { secretFieldOf } from '../domain/masking/secret-field.ts'
import { valuesOf } from '../domain/persistent-map.ts'
import { type Elicitation, isOf } from '../domain/session/elicitations.ts'
import type { Input } from '../domain/session/session-state.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import { type ElicitationRequest, elicitationRequest } from '../schemas/elicitation.ts'
import type { EventOf } from '../schemas/events.ts'
import { type InputId, sessionId } from '../schemas/ids.ts'
import { jsonValue } from '../schemas/json-value.ts'
import type { SendFrom } from './handler-command.ts'
import type { CommitFeed } from './ports/commit-feed.ts'
import type { ToolAnswer, ToolQuestion } from './ports/tool-box.ts'
import { createSlots } from './slots.ts'
import { untilAborted } from './until-aborted.ts'

export interface AskPeopleDependencies {
  readonly send: SendFrom
  readonly sessions: SessionReader
  readonly feed: CommitFeed
}

export interface AskingCall {
  readonly commit: Commit
  readonly event: RecordedEvent & EventOf<'session.tool_call_requested'>
  readonly attempt: number
  readonly signal: AbortSignal
}

export type AskPeople = (call: AskingCall) => {
  readonly ask: (question: ToolQuestion) => Promise<ToolAnswer>
  /** What was not put before people, and why: in words for the model. */
  readonly refusals: () => readonly string[]
}

type Closed = Input & { readonly question: Elicitation }

/** A call that waits holds its place among those under way: most of the places are kept for calls that do not wait. */
const mostWaiting = 64
const mostPerCall = 20
const longestMessage = 4_000
const largestForm = 32 * 1024

export const createAskPeople = ({ send, sessions, feed }: AskPeopleDependencies): AskPeople => {
  let waiting = 0

  return ({ commit, event, attempt, signal }) => {
    const { toolCallId, server } = event.data
    const id = sessionId.parse(commit.stream.id)
    const turn = createSlots(1)
    const refusals: string[] = []
    const replayed = new Set<InputId>()
    let asked = 0

    const refuse = (why: string): ToolAnswer => {
      refusals.push(`[${server} asked for something in the middle of the call; it was declined: ${why}.]`)
      return { action: 'decline' }
    }

    const elicitations = async (atLeast = commit.sequence): Promise<readonly Closed[]> => {
      const state = await sessions.session(commit.stream.org, id, atLeast)
      return state.status === 'absent' ? [] : valuesOf(state.inputs).filter(isElicitation)
    }

    /** A call that is made again after its process died need not ask its people again. */
    const answeredBefore = async (message: string, request: ElicitationRequest): Promise<Closed | undefined> =>
      (await elicitations()).find(
        ({ id: inputId, status, question }) =>
          status === 'answered' &&
          question.toolCallId === toolCallId &&
          question.attempt < attempt &&
          !replayed.has(inputId) &&
          question.message === message &&
          isDeepStrictEqual(question.request, request),
      )

    const untilClosed = async (inputId: InputId): Promise<Closed | undefined> => {
      const closed = Promise.withResolvers<Closed | undefined>()
      const look = async (atLeast?: Commit['sequence']): Promise<void> => {
        const input = (await elicitations(atLeast)).find((each) => each.id === inputId)
        if (input?.status !== 'open') closed.resolve(input)
      }
      const stop = feed.subscribe(({ stream, sequence, events }) => {
        if (stream.org !== commit.stream.org || stream.id !== commit.stream.id) return
        if (events.some((each) => closes(each, inputId))) look(sequence).catch(closed.reject)
      })
      try {
        await look()
        return await untilAborted(closed.promise, signal)
      } finally {
        stop()
      }
    }

    const putBefore = async (message: string, request: ElicitationRequest): Promise<ToolAnswer> => {
      const before = await answeredBefore(message, request)
      if (before !== undefined) {
        replayed.add(before.id)
        return answerOf(before)
      }
      const sent = await send(commit, event.id, `${toolCallId}:ask:${attempt}:${asked}`, 'RequestElicitation', {
        sessionId: id,
        toolCallId,
        attempt,
        message,
        request,
      })
      if (sent.kind === 'rejected') return refuse(sent.rejection.message.replace(/\.$/, ''))
      const mine = (await elicitations(sent.sequence)).findLast(({ question }) =>
        isOf(question, { toolCallId, attempt }),
      )
      return mine === undefined ? { action: 'cancel' } : answerOf(await untilClosed(mine.id))
    }

    return {
      refusals: () => refusals,
      ask: async (question) => {
        const done = await turn.take()
        try {
          signal.throwIfAborted()
          const read = readQuestion(question)
          if (read.kind === 'refused') return refuse(read.why)
          if (++asked > mostPerCall) return refuse(`a call may ask ${mostPerCall} times`)
          if (waiting >= mostWaiting) return refuse(`${mostWaiting} other calls wait for people already`)
          waiting++
          try {
            return await putBefore(read.message, read.request)
          } finally {
            waiting--
          }
        } finally {
          done()
        }
      },
    }
  }
}

const isElicitation = (input: Input): input is Closed => input.question.kind === 'elicitation'

const closes = (event: RecordedEvent, inputId: InputId): boolean =>
  (event.type === 'session.input_answered' ||
    event.type === 'session.input_expired' ||
    event.type === 'session.input_withdrawn') &&
  event.data.inputId === inputId

const answerOf = (input: Closed | undefined): ToolAnswer => {
  switch (input?.answer?.kind) {
    case 'accept':
      return { action: 'accept', content: input.answer.content }
    case 'decline':
      return { action: 'decline' }
    default:
      // Silence is no decision; a pause is one, against the call that would wait on.
      return { action: input?.status === 'withdrawn' ? 'decline' : 'cancel' }
  }
}

type Read =
  | { readonly kind: 'question'; readonly message: string; readonly request: ElicitationRequest }
  | { readonly kind: 'refused'; readonly why: string }

const refused = (why: string): Read => ({ kind: 'refused', why })

const readQuestion = ({ mode, message: written, requestedSchema, url }: ToolQuestion): Read => {
  const parsed = elicitationRequest.safeParse(mode === 'url' ? { mode, url } : { mode, requestedSchema })
  if (!parsed.success) {
    return refused(
      mode === 'url'
        ? 'its link is not an http(s) address'
        : 'its form is not a flat one of texts, numbers and choices',
    )
  }
  if (parsed.data.mode === 'form') {
    const secret = secretFieldOf(parsed.data.requestedSchema)
    if (secret !== undefined) {
      return refused(`the field "${secret}" looks like a secret, and MCP servers must not ask for one in a form`)
    }
    if (Buffer.byteLength(JSON.stringify(parsed.data)) > largestForm) return refused('its form is too large')
  }
  const request = elicitationRequest.safeParse(maskJson(jsonValue.parse(parsed.data), { groups: ['secrets'] })).data
  if (request === undefined || !isDeepStrictEqual(request, parsed.data)) {
    return refused(
      mode === 'url' ? 'its link holds what looks like a secret' : 'its form holds what looks like a secret',
    )
  }
  return {
    kind: 'question',
    message: maskText(written, { groups: ['secrets'] }).text.slice(0, longestMessage),
    request,
  }
}
