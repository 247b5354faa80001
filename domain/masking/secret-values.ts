// Tells a secret from what people write in its place: "required", `${DB_PASSWORD}`, a mask of another tool.
import { isPlaceholder } from './placeholder.ts'

const stands = /^(?:|null|none|nil|true|false|yes|no|undefined|n\/a|\*+|x{4,}|•+|\.{3}|…|<unset>|<none>|<nil>)$/i
const redactedByOthers = /^[[<(]?(?:redacted|masked|hidden|removed|filtered|sensitive|secret value)[\])>]?$/i
const reference = /^(?:\$\{[\w.:-]*\}|\$\([\w .-]*\)|\$\{\{[^{}]*\}\}|\{\{[^{}]*\}\}|<set to the key .*>)$/
const status =
  /^(?:accepted|cannot|changed|denied|disabled|enabled|error|expired|failed|found|has|incorrect|invalid|is|missing|mismatch|must|never|not|optional|rejected|required|reset|rotated|should|the|too|unknown|unset|was|were|will|wrong)$/i

const referenceWithSpaces =
  /(?:\$?\{\{[^{}\n]{0,200}\}\}|<set to the key [^<>\n]{0,300}>)(?=$|[\r\n"'`,;)\]]|[ \t]+(?:$|[\r\n#]|[\w.-]{1,80}[:=]))/y

/** Says where the secret is kept, in words that a space would cut: `{{ .Values.password }}`, and what kubectl describes. */
export const refersAt = (text: string, at: number): boolean => {
  referenceWithSpaces.lastIndex = at
  return referenceWithSpaces.test(text)
}

/** The value as a whole says that there is no secret here. */
export const isHarmless = (value: string): boolean =>
  stands.test(value) ||
  isPlaceholder(value) ||
  (value.length < 200 && (redactedByOthers.test(value) || reference.test(value) || status.test(value)))

/** A sentence about a secret, by its first word: `password: expired yesterday`. */
export const startsAsProse = (value: string): boolean =>
  status.test(/^[A-Za-z]{1,12}(?=[\s,.;:!?]|$)/.exec(value)?.[0] ?? '-')

/** Mixed as encoded bytes are: no plain word, no hash or digest in hex, no path. */
export const looksEncoded = (value: string): boolean => {
  const start = value.slice(0, 200)
  if (/^[0-9a-f]+$/i.test(start)) return false
  const slashes = start.split('/').length - 1
  return /[a-z]/.test(start) && /[A-Z]/.test(start) && /\d/.test(start) && slashes <= Math.max(1, start.length / 12)
}

/** Whole groups of four, as `base64` prints them. */
export const isBase64 = (value: string): boolean =>
  value.length >= 4 && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)
