// What a tool answered, as text: most answers are one, others are shown as JSON.
export const resultText = (result: unknown): string =>
  typeof result === 'object' && result !== null && 'text' in result && typeof result.text === 'string'
    ? result.text
    : JSON.stringify(result, null, 2)
