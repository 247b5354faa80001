// Text from outside inside a prompt: told as data, and unable to end the place it stands in.

/** A fence longer than any run of backticks inside, so that the content cannot close it. */
export const fenced = (heading: string, text: string): string => {
  const longest = [...text.matchAll(/`+/g)].reduce((length, [run]) => Math.max(length, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `## ${heading}\n${fence}\n${text}\n${fence}`
}

/** For places of one line: a line of its own would look like a heading or an order of ours. */
export const oneLine = (text: string, longest = 500): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line
}
