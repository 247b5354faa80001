// A configured value as it may be shown: never a secret, whoever wrote it where.
import { maskJson, maskText } from '../../domain/masking/mask.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { Variables } from './interpolate.ts'
import { isRecord } from './yaml-document.ts'

const references = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-[^}]*)?\}/g
const secretName =
  /(?:^|[-_])(?:key|token|secret|pass|passwd|password|pwd|auth|credentials?|cookie|dsn|private)(?:$|[-_])/i

export const isSecretName = (name: string): boolean => secretName.test(name)

/** The variables that are set and were filled in. */
export const variablesIn = (written: unknown, variables: Variables): readonly string[] => {
  if (typeof written === 'string') {
    return [...written.matchAll(references)].flatMap(([, name]) =>
      name !== undefined && variables[name] !== undefined && variables[name] !== '' ? [name] : [],
    )
  }
  if (Array.isArray(written)) return written.flatMap((each: unknown) => variablesIn(each, variables))
  return isRecord(written) ? Object.values(written).flatMap((each) => variablesIn(each, variables)) : []
}

/** A text filled in from a variable that sounds like a secret is given as it is written. */
export const shownValue = (
  value: unknown,
  written: unknown,
  variables: Variables,
  isHidden = isSecretName,
): JsonValue => {
  if (typeof value === 'string') {
    const secret = variablesIn(written, variables).some(isHidden)
    return withoutValues(withoutSecrets(secret ? String(written) : value), variables)
  }
  if (Array.isArray(value)) {
    const shown = value.map((each: unknown, index) =>
      shownValue(each, Array.isArray(written) ? written[index] : undefined, variables, isHidden),
    )
    return shown.map((each, index) => withoutFlagged(each, shown[index - 1]))
  }
  if (isRecord(value)) {
    const shown = Object.entries(value).map(([key, each]): [string, JsonValue] => [
      key,
      shownValue(each, isRecord(written) ? written[key] : undefined, variables, isHidden),
    ])
    return maskJson(Object.fromEntries(shown))
  }
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** Wherever it was filled in, what a secret variable holds is given as its name. */
export const withoutValues = (text: string, variables: Variables): string =>
  Object.entries(variables).reduce(
    (shown, [name, value = '']) =>
      value.length >= shortestSecret && secretName.test(name) ? shown.replaceAll(value, () => `\${${name}}`) : shown,
    text,
  )
/** A shorter one might be any word of a text. */
const shortestSecret = 8

/** Credentials of an address go too, also of one that is misspelt. */
export const withoutSecrets = (text: string): string => maskText(text.replace(/\/\/[^/\s"]*@/g, '//')).text

/** `--token x` and `--token=x`: how programs are told secrets. */
const withoutFlagged = (value: JsonValue, before: JsonValue | undefined): JsonValue => {
  if (typeof value !== 'string' || value.startsWith('${')) return value
  const [flag = '', ...rest] = value.split('=')
  if (flag.startsWith('-') && rest.length > 0 && secretName.test(flag)) return `${flag}=…`
  const told = typeof before === 'string' && before.startsWith('-') && !before.includes('=') && secretName.test(before)
  return told && !value.startsWith('-') ? '…' : value
}
