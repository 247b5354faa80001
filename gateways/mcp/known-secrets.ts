// The secrets that a server was given: whatever it says, they are not repeated to a model or written to the log.
import { maskText } from '../../domain/masking/mask.ts'
import { placeholder } from '../../domain/masking/placeholder.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'

/** Shorter values stand in too many words by chance. */
const shortest = 8

/** Replaces what was given as a token, or under a name that says it is a secret, in any text of the server's. */
export const withoutSecretsOf = (
  { transport }: McpServerDefinition,
  secret: (name: string) => string | undefined,
  issued: () => readonly string[] = () => [],
): ((text: string) => string) => {
  const given = transport.type === 'stdio' ? transport.env : transport.headers
  const named = Object.entries(given).flatMap(([name, value]) => (isSecret(name, value) ? [value] : []))
  const token =
    transport.type !== 'stdio' && transport.bearer_token_env !== undefined && secret(transport.bearer_token_env)
  const { client_secret: own, refresh_token: refresh } = (transport.type !== 'stdio' && transport.oauth) || {}
  const values = [...named, ...[token, own, refresh].filter((each) => typeof each === 'string')]
    // `Bearer abc`: the server may repeat the token alone.
    .flatMap((value) => [value, ...value.split(/\s+/)])
    .filter((value) => value.length >= shortest)
    .sort((a, b) => b.length - a.length)
  return (text) => [...values, ...issued()].reduce((done, value) => done.replaceAll(value, placeholder('secret')), text)
}

const isSecret = (name: string, value: string): boolean =>
  maskText(`${name}=${JSON.stringify(value)}`).text.includes('__MASKED_')
