// Headers of a message, written at once: the client's own look at every name and value several times, a tenth of an append.
import { headers, type MsgHdrs } from '@nats-io/transport-node'

/** By their names as they are written; one without a value is left out. */
export type MessageHeaders = Readonly<Record<string, string>>

/** @throws TypeError for a value that would begin another header. */
export const messageHeaders = (values: MessageHeaders): MsgHdrs => {
  let text = 'NATS/1.0\r\n'
  for (const [name, value] of Object.entries(values)) {
    if (lineBreak.test(value)) throw new TypeError(`The header ${name} holds a line break.`)
    if (value !== '') text += `${name}: ${value}\r\n`
  }
  const bytes = Buffer.from(`${text}\r\n`)
  // All that the client asks of headers it sends.
  return Object.assign(headers(), { encode: () => bytes })
}

const lineBreak = /[\r\n]/
