// `casebook inputs answer`: a person's word on what a session waits for.
import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { inputView } from '../../../projections/inputs.ts'
import { jsonValue } from '../../../schemas/json-value.ts'
import type { InputAnswer, InputQuestion } from '../../../schemas/session-inputs.ts'
import { type Cli, type JsonOption, jsonOf } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import { contentOf } from '../form-fields.ts'
import { writeJson } from '../output.ts'

const written = z.looseObject({ id: z.string(), version: z.int(), sequence: z.int() })

interface Options extends JsonOption {
  readonly approve?: true
  readonly session?: true
  readonly arguments?: string
  /** True without a reason. */
  readonly deny?: true | string
  readonly reply?: string
  readonly raise?: number
  readonly finish?: true
  readonly accept?: true
  readonly field?: readonly string[]
  readonly decline?: true
  readonly cancel?: true
}

export const addInputsAnswer = (inputs: Command, { api, write }: Cli): void => {
  inputs
    .command('answer <id>')
    .description('answer it; the first answer counts')
    .option('--approve', 'a tool call: make it')
    .option('--session', 'with --approve: this tool needs no further approval in this session')
    .option('--arguments <json>', 'with --approve: call it with these arguments instead')
    .option('--deny [reason]', 'a tool call: do not make it; a question: nobody will answer')
    .option('--reply <text>', 'a question: the answer')
    .option('--raise <n>', 'a budget: by so many tokens, seconds, calls or millionths of a dollar', amountOf)
    .option('--finish', 'a budget: conclude now from what is known')
    .option('--accept', "a tool server's question: yes, with the fields given")
    .option('--field <name=value>', 'with --accept: a field of its form; again for each further one or choice', another)
    .option('--decline', "a tool server's question: no")
    .option('--cancel', "a tool server's question: neither")
    .option('--json', 'as JSON')
    .action(async (id: string, options: Options) => {
      const meant = answerOf(options)
      const path = `/v1/inputs/${encodeURIComponent(id)}`
      const answer =
        meant.kind === 'accept' ? acceptanceOf((await api().get(path, inputView)).question, options.field ?? []) : meant
      const done = await api().post(`${path}/answer`, answer, written)
      if (options.json === true) return writeJson(write, done)
      write(`${id} is answered: ${answer.kind}.\n`)
    })
}

const another = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]

const amountOf = (text: string): number => {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.')
  return value
}

/** @throws WrongUsage when it is none or several of the answers there are. */
const answerOf = (options: Options): InputAnswer => {
  const { approve, session, arguments: edited, deny, reply, raise, finish, accept, field, decline, cancel } = options
  const given: InputAnswer[] = []
  if (approve === true) {
    const scope = session === true ? 'session' : 'once'
    given.push({ kind: 'approve', scope, ...(edited !== undefined && { arguments: argumentsOf(edited) }) })
  }
  if (deny !== undefined) given.push({ kind: 'deny', reason: deny === true ? '' : deny })
  if (reply !== undefined) given.push({ kind: 'reply', text: reply })
  if (raise !== undefined) given.push({ kind: 'raise', by: raise })
  if (finish === true) given.push({ kind: 'finish' })
  if (accept === true) given.push({ kind: 'accept' })
  if (decline === true) given.push({ kind: 'decline' })
  if (cancel === true) given.push({ kind: 'cancel' })
  const [answer] = given
  if (answer === undefined || given.length > 1) {
    throw new WrongUsage(
      'Give one of --approve, --deny [reason], --reply <text>, --raise <n>, --finish, --accept, --decline, --cancel.',
    )
  }
  if (approve !== true && (session === true || edited !== undefined)) {
    throw new WrongUsage('--session and --arguments go with --approve.')
  }
  if (accept !== true && field !== undefined) throw new WrongUsage('--field goes with --accept.')
  return answer
}

const acceptanceOf = (question: InputQuestion, fields: readonly string[]): InputAnswer => {
  const form =
    question.kind === 'elicitation' && question.request.mode === 'form' ? question.request.requestedSchema : undefined
  if (form !== undefined) return { kind: 'accept', content: contentOf(form, fields) }
  if (fields.length > 0) throw new WrongUsage('There are no fields to fill in.')
  return { kind: 'accept' }
}

const argumentsOf = (text: string) => jsonValue.parse(jsonOf(text, '--arguments'))
