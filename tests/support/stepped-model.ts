// A model that writes only as far as a test lets it: what a page shows in the middle of a text is decided, not raced for.
import { sendReply, startChatServer } from '../../gateways/simulator/chat-server.ts'
import { chunksOf } from '../../gateways/simulator/chat-wire.ts'

export interface SteppedModel {
  readonly url: string
  /** Requests of agents so far. */
  readonly asked: () => number
  /** Lets every answer go on up to so many pieces of the text. */
  letWrite(pieces: number): void
  close(): Promise<void>
}

/** `text` is written in the simulator's pieces; a request without tools, such as the summary's, is answered at once. */
export const startSteppedModel = async (text: string): Promise<SteppedModel> => {
  let asked = 0
  let allowed = 0
  let change = Promise.withResolvers<void>()
  const server = await startChatServer({
    model: 'stepped',
    respond: async (exchange) => {
      const { request, response, signal } = exchange
      if (request.tools.length === 0) return sendReply(exchange, { text: 'A summary.' }, 'stepped')
      asked++
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const envelope = { id: `chatcmpl-${asked}`, created: 1_767_225_600, model: 'stepped' }
      for (const [index, chunk] of chunksOf(request, { text }, envelope).entries()) {
        // The first chunk says who speaks.
        while (index > allowed && !signal.aborted) await change.promise
        if (signal.aborted) return
        response.write(`data: ${JSON.stringify(chunk)}\n\n`)
      }
      response.end('data: [DONE]\n\n')
    },
  })
  const letWrite = (pieces: number): void => {
    allowed = pieces
    change.resolve()
    change = Promise.withResolvers<void>()
  }
  return {
    url: server.url,
    asked: () => asked,
    letWrite,
    close: () => {
      letWrite(Number.POSITIVE_INFINITY)
      return server.close()
    },
  }
}
