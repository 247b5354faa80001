// Labels as people type them: `team=infra, host=db-1`.
export const labelsOfText = (text: string): Readonly<Record<string, string>> | 'unreadable' => {
  const pairs = text
    .split(/[,\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
  if (pairs.some((each) => each.indexOf('=') < 1)) return 'unreadable'
  return Object.fromEntries(pairs.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]))
}
