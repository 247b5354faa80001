// What an agent is shown of a tool's result: the result, or what stands in its place, with a line that says which.
import type { ToolCall } from '../session/session-state.ts'

export const resultShown = ({ result, condensed }: ToolCall): string => {
  if (result === null) return '(no result)'
  if (condensed?.status !== 'done') return result.text
  const bytes = result.blob?.bytes ?? result.text.length
  const whole = result.blob === undefined ? '' : ` under sha256 ${result.blob.sha256}`
  const what =
    condensed.how === 'summary'
      ? `a summary of the result, written by a model; the result itself has ${bytes} bytes`
      : `only the beginning and the end of a result of ${bytes} bytes; what is between them is not shown`
  return `[This is ${what} and is kept whole${whole}. Call the tool again with narrower arguments where you need more.]\n${condensed.text.text}`
}
