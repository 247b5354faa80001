// Text that arrives in pieces as its lines, whatever their length.

/** The last line counts when it is not empty. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  // A long line is joined once, not with every piece of it.
  let begun: string[] = []
  for await (const piece of pieces) {
    const [first = '', ...more] = piece.split('\n')
    begun.push(first)
    for (const next of more) {
      yield begun.join('')
      begun = [next]
    }
  }
  const last = begun.join('')
  if (last !== '') yield last
}
