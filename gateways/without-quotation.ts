// Why JSON could not be parsed, without the piece the parser quotes: half a secret is not known for one any more.
export const withoutQuotation = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/,? (?:\.\.\.)?"[\s\S]*$/, '')
