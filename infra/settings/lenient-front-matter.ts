// Front matter that other programs read line by line and YAML does not: `description: Use this when: …`, examples and all.

export interface LenientFrontMatter {
  /** The same number of lines. */
  readonly text: string
  /** Keys whose value was read as plain text, with their line, 1-based. */
  readonly plain: readonly { readonly key: string; readonly line: number }[]
}

const field = /^([A-Za-z][\w-]*):(?:[ \t]+(.*?))?[ \t\r]*$/
/** Values that are YAML of their own: quoted, lists, maps, blocks. */
const structured = /^["'[{|>&*!]/

/** Each top-level field whose value is bare text becomes quoted text, over as many lines as it runs. */
export const lenientFrontMatter = (text: string): LenientFrontMatter => {
  const lines = text.split('\n')
  const plain: { key: string; line: number }[] = []
  const result: string[] = []
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const [, key = '', value = ''] = field.exec(line) ?? []
    const length = value === '' || structured.test(value) ? 0 : continuation(lines, index + 1)
    const whole = [value, ...lines.slice(index + 1, index + 1 + length).map((each) => each.trim())].join('\n').trim()
    if (key === '' || value === '' || structured.test(value) || !isTrouble(whole)) {
      result.push(line)
      continue
    }
    plain.push({ key, line: index + 1 })
    result.push(`${key}: ${JSON.stringify(whole)}`, ...Array.from({ length }, () => ''))
    index += length
  }
  return { text: result.join('\n'), plain }
}

/** How many lines belong to the value: indented ones and empty ones between them. */
const continuation = (lines: readonly string[], from: number): number => {
  let end = from
  for (let index = from; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (/^[ \t]+\S/.test(line)) end = index + 1
    else if (line.trim() !== '') break
  }
  return end - from
}

const isTrouble = (value: string): boolean => /:(?:\s|$)|\s#|^[@`%]/.test(value)
