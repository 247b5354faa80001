// What an endpoint says when it refuses, in the one form the client reads: the words of many would be lost otherwise.
import { z } from 'zod'

const words = z.string().min(1)
const errorObject = z.looseObject({ message: words })
/** `{error: {message}}` is OpenAI's own; then Gemini's list of one, vLLM's and others' bare object, and xAI's and Ollama's bare text. */
const errorBody = z.union([
  z.object({ error: errorObject }).transform(({ error }) => error),
  z.tuple([z.object({ error: errorObject })]).transform(([{ error }]) => error),
  errorObject,
  z.looseObject({ error: words }).transform(({ error, ...rest }) => ({ ...rest, message: error })),
  z.looseObject({ detail: words }).transform(({ detail }) => ({ message: detail })),
])
/** A page of a proxy is not read to its end. */
const longest = 64 * 1024

export const fetchWithErrors: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  const length = Number(response.headers.get('content-length') ?? 0)
  if (response.ok || length > longest || !response.headers.get('content-type')?.includes('json')) return response
  const text = await response.text()
  const { status, statusText, headers } = response
  const own = new Headers(headers)
  own.delete('content-length')
  own.delete('content-encoding')
  return new Response(inOneForm(text) ?? text, { status, statusText, headers: own })
}

const inOneForm = (text: string): string | null => {
  try {
    const read = errorBody.safeParse(JSON.parse(text))
    return read.success ? JSON.stringify({ error: read.data }) : null
  } catch {
    return null
  }
}
