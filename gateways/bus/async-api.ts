// The AsyncAPI 3 document: every subject, what passes on it and with which headers, made from the schemas themselves.
import { type PublicCommand, publicCommands } from '../../schemas/commands.ts'
import { commitHeaders, streamCategory } from '../../schemas/commit.ts'
import { eventShapes } from '../../schemas/events.ts'
import { type JsonSchema, shapeRef, storedShapes, wireShapes } from './wire-shapes.ts'

export const asyncApi = (version: string) => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Casebook on NATS',
    version,
    description: 'Alerts and commands in, the log and live text out. Times are ISO 8601 UTC. See docs/bus.md.',
  },
  defaultContentType: 'application/json',
  servers: { nats: { host: '127.0.0.1:4222', protocol: 'nats', description: 'NATS_URL, or the embedded server.' } },
  channels: Object.fromEntries([...subjects, reply].map((subject) => [subject.name, channelOf(subject)])),
  operations: Object.fromEntries(subjects.map(operationOf)),
  components: {
    schemas: wireShapes(eventShapes),
    messages: Object.fromEntries([...subjects, reply].map((subject) => [subject.message, messageOf(subject)])),
  },
})

interface Subject {
  readonly name: string
  readonly address: string | null
  /** What Casebook does there. */
  readonly action: 'send' | 'receive'
  readonly message: string
  readonly summary: string
  readonly contentType?: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: JsonSchema
  readonly answered?: boolean
}

const trace = { traceparent: 'W3C trace context.' }
const sender = {
  'Idempotency-Key': 'The same key with the same body is done once, for good.',
  'Correlation-Id': 'Found again in every event that follows.',
  ...trace,
}

const ofCommit = {
  [commitHeaders.commandId]:
    'The id of the command; where a server had used it up for an append it refused, followed by `~` and a part of the hash.',
  [commitHeaders.predecessor]:
    'Sequence of the commit before it, 0 for the first: the server refuses when somebody else was faster.',
  [commitHeaders.types]: 'Types of the events without their versions, separated by commas.',
  [commitHeaders.hash]: 'SHA-256 over the hash of the commit before and the payload.',
  [commitHeaders.bodyHash]: "SHA-256 of the command's data, when its sender chose the key.",
  ...trace,
}

const stored = [...storedShapes(eventShapes).keys()]

/** The configuration is a definition; every other type begins with its category. */
const categoryOf = (type: string): string => (type.split('.')[1] ?? '').replace('configuration', 'definition')

const events: readonly Subject[] = streamCategory.options
  .map((category) => ({ category, types: stored.filter((type) => categoryOf(type) === category) }))
  .filter(({ types }) => types.length > 0)
  .map(({ category, types }) => ({
    name: `${category}Events`,
    address: `casebook.events.{org}.${category}.{id}`,
    action: 'send',
    message: `${category}Commit`,
    summary: `All events that one command led to, on one stream of the category ${category}. Attributes an event lacks are those of the first; its id and its sequence count on from there.`,
    contentType: 'application/json',
    headers: ofCommit,
    payload: { type: 'array', minItems: 1, items: { oneOf: types.map(shapeRef) } },
  }))

const ofCommand = (name: PublicCommand, kind: 'queued' | 'request'): Subject => ({
  name: `${kind}${name}`,
  address: `casebook.${kind === 'queued' ? 'commands' : 'request'}.{org}.${name}`,
  action: 'receive',
  message: `${kind}${name}`,
  summary: kind === 'queued' ? `${name}, kept until it is decided.` : `${name}, answered at once.`,
  headers: kind === 'queued' ? { 'Nats-Msg-Id': 'The key, where there is no Idempotency-Key.', ...sender } : sender,
  payload: shapeRef(name),
  answered: kind === 'request',
})
const commands = publicCommands.flatMap((name) => [ofCommand(name, 'queued'), ofCommand(name, 'request')])

const reply: Subject = {
  name: 'reply',
  address: null,
  action: 'send',
  message: 'reply',
  summary: 'What became of a request, or the problem with it.',
  headers: {},
  payload: shapeRef('busReply'),
}

const others: readonly Subject[] = [
  {
    name: 'alerts',
    address: 'casebook.alerts.{org}',
    action: 'receive',
    message: 'alert',
    summary: "Alerts in Casebook's own format; CloudEvents and Alertmanager's are understood as well.",
    headers: {
      'Content-Type': 'application/json, application/cloudevents+json or application/cloudevents-batch+json.',
      'ce-specversion': 'CloudEvents in binary mode: its attributes are headers, the message is the data.',
      'Nats-Msg-Id': 'The identity of the occurrence, where there is no Idempotency-Key.',
      ...sender,
    },
    payload: { oneOf: [shapeRef('Alert'), { type: 'array', minItems: 1, maxItems: 1000, items: shapeRef('Alert') }] },
  },
  {
    name: 'live',
    address: 'casebook.live.{org}.{session}',
    action: 'send',
    message: 'delta',
    summary: "The model's words as they are written. Best effort.",
    headers: {},
    payload: shapeRef('liveDelta'),
  },
  {
    name: 'deadLetters',
    address: 'casebook.dead.{consumer}.{letter}',
    action: 'send',
    message: 'deadLetter',
    summary: 'A message that was parked, with the reason; masked.',
    headers: { 'Casebook-Error': 'The code of the error.' },
    payload: shapeRef('deadLetter'),
  },
  {
    name: 'decisions',
    address: 'casebook.decided.{consumer}.{letter}',
    action: 'send',
    message: 'decision',
    summary: 'What was decided of a parked message.',
    headers: {},
    payload: shapeRef('deadLetterDecision'),
  },
]

const subjects: readonly Subject[] = [...others, ...commands, ...events]

const parameters: Readonly<Record<string, string>> = {
  org: '1–63 of a–z, 0–9 and -; default when there is only one.',
  id: 'Of the stream: a session, an alert, a task, a day.',
  session: 'The session.',
  consumer: 'The handler that parked it.',
  letter: 'The dead letter.',
}

const channelOf = ({ address, message, summary }: Subject) => ({
  address,
  description: summary,
  parameters: Object.fromEntries(
    [...(address ?? '').matchAll(/\{(\w+)\}/g)].map(([, key = '']) => [key, { description: parameters[key] }]),
  ),
  messages: { [message]: { $ref: `#/components/messages/${message}` } },
})

const messageOf = ({ message, summary, contentType = 'application/json', headers, payload }: Subject) => ({
  name: message,
  summary,
  contentType,
  headers: {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(headers).map(([name, description]) => [name, { type: 'string', description }]),
    ),
  },
  payload,
})

const operationOf = ({ name, action, summary, message, answered }: Subject) =>
  [
    `${action}${name[0]?.toUpperCase()}${name.slice(1)}`,
    {
      action,
      summary,
      channel: { $ref: `#/channels/${name}` },
      messages: [{ $ref: `#/channels/${name}/messages/${message}` }],
      ...(answered === true && {
        reply: {
          address: { location: '$message.header#/reply', description: 'The inbox of the request.' },
          channel: { $ref: '#/channels/reply' },
          messages: [{ $ref: '#/channels/reply/messages/reply' }],
        },
      }),
    },
  ] as const
