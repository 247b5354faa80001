// `${NAME}` and `${NAME:-default}` in the texts of a configuration file.

export type Variables = Readonly<Record<string, string | undefined>>

type Interpolated =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly message: string }

const reference = /\$\$\{|\$\{([^}]*)\}?/g
const inside = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s

/** As in a shell, `:-` also replaces an empty value; `$${` stands for `${`. */
const interpolate = (text: string, variables: Variables): Interpolated => {
  let problem: string | null = null
  const result = text.replace(reference, (whole, content: string | undefined) => {
    if (content === undefined) return '${'
    const [, name, otherwise] = inside.exec(content) ?? []
    if (name === undefined || !whole.endsWith('}')) {
      problem ??= `${whole} is no reference; write \${NAME} or \${NAME:-default}, or $\${ for a plain \${`
      return ''
    }
    const value = variables[name]
    if (value !== undefined && value !== '') return value
    if (otherwise === undefined) {
      problem ??= `the variable ${name} is not set; set it, or write \${${name}:-default}`
    }
    return otherwise ?? ''
  })
  return problem === null ? { kind: 'text', text: result } : { kind: 'problem', message: problem }
}

/** Every text of a value, keys left alone; `onProblem` is told the path of each that cannot be filled in. */
export const interpolateDeep = (
  value: unknown,
  variables: Variables,
  onProblem: (path: readonly PropertyKey[], message: string) => void,
  path: readonly PropertyKey[] = [],
): unknown => {
  if (typeof value === 'string') {
    const filled = interpolate(value, variables)
    if (filled.kind === 'text') return filled.text
    onProblem(path, filled.message)
    return value
  }
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) => interpolateDeep(each, variables, onProblem, [...path, index]))
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, interpolateDeep(each, variables, onProblem, [...path, key])]),
    )
  }
  return value
}
