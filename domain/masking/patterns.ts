// The named secret patterns and their groups. Every expression is linear: bounded runs, no nested repetition.

/** `value` is the group of the match that is replaced; everything around it stays, so JSON and YAML stay valid. */
export interface MaskingPattern {
  readonly name: string
  readonly pattern: RegExp
}

/** A key (whole word parts only: `partition_key` and `bypass` are no secrets), a separator, an optional quote, the value. */
const keyed = (keys: string, value: string): RegExp =>
  new RegExp(
    `(?<head>(?<![A-Za-z0-9])(?:[A-Za-z0-9]{1,30}[_.-]){0,4}(?:${keys})(?:\\\\?["'])?[ \\t]{0,4}(?::|=>?)[ \\t]{0,4}(?:\\\\?["'])?)(?<value>${value})`,
    'gi',
  )

const flag = (flags: string): RegExp => new RegExp(`(?<head>--(?:${flags})[= ]["']?)(?<value>[^\\s"'\`]{6,500})`, 'gi')

const token = '[A-Za-z0-9+/=_.~-]{16,4000}'
/** Inside quotes a secret may hold spaces. */
const secretText = `(?<=")[^"\\\\\\n]{4,500}|(?<=')[^'\\\\\\n]{4,500}|[^\\s"'\`,;\\\\{}<>]{4,500}`

export const patterns = {
  certificate: /(?<head>)(?<value>-----BEGIN [A-Z0-9 ]{1,60}-----[^-]{1,20000}-----END [A-Z0-9 ]{1,60}-----)/g,
  certificate_authority_data: keyed(
    'certificate-authority-data|client-certificate-data|client-key-data',
    '[A-Za-z0-9+/=]{16,20000}',
  ),
  connection_string: /(?<head>\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@"']{0,200}:)(?<value>[^\s@/"']{1,500})(?=@)/gi,
  bearer: /(?<head>\b(?:bearer|basic)[ ]{1,4})(?<value>[A-Za-z0-9+/=_.~-]{12,4000})/gi,
  jwt: /(?<head>)(?<value>\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,8000}\.[A-Za-z0-9_-]{0,4000})/g,
  api_key: keyed('x-api-key|api[_-]?key|apikey', token),
  private_key: keyed('private[_-]?key|privatekey', token),
  secret_key: keyed('secret[_-]?key|secretkey|client[_-]?secret|clientsecret|secret', '[^\\s"\'`,;\\\\{}<>]{8,500}'),
  password: keyed('[a-z0-9]{0,20}(?:password|passwd|passphrase)|pwd|pass', secretText),
  password_flag: flag('password|passwd|pass|secret|api-key'),
  token: keyed('[a-z]{0,20}token|jwt', token),
  token_flag: flag('token|access-token|auth-token'),
  aws_access_key: /(?<head>)(?<value>\b(?:AKIA|ASIA)[A-Z0-9]{16}\b)/g,
  aws_secret_key: keyed('aws[_-]?secret[_-]?access[_-]?key|secret[_-]?access[_-]?key', '[A-Za-z0-9+/]{40}'),
  github_token: /(?<head>)(?<value>\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}))/g,
  slack_token: /(?<head>)(?<value>\bxox[abeoprs]-[A-Za-z0-9-]{10,250})/g,
  openai_key: /(?<head>)(?<value>\bsk-[A-Za-z0-9_-]{20,200})/g,
  ssh_key: /(?<head>\bssh-(?:rsa|ed25519|dss) )(?<value>[A-Za-z0-9+/=]{32,2000})/g,
  email: /(?<head>)(?<value>\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}\b)/g,
  base64_secret:
    /(?<head>)(?<value>(?<![A-Za-z0-9+/=_.-])(?=[A-Za-z0-9+/]{0,200}[0-9+/])[A-Za-z0-9+/]{40,20000}={0,2}(?![A-Za-z0-9+/=_.-]))/g,
} as const satisfies Record<string, RegExp>

export type PatternName = keyof typeof patterns

const basic = ['api_key', 'password', 'password_flag'] as const
const secrets = [
  'certificate',
  'certificate_authority_data',
  'connection_string',
  'bearer',
  'jwt',
  'aws_access_key',
  'aws_secret_key',
  'github_token',
  'slack_token',
  'openai_key',
  ...basic,
  'private_key',
  'secret_key',
  'token',
  'token_flag',
] as const

/** `kubernetes` also turns on the structural masker of Secrets. */
export const groups = {
  basic,
  secrets,
  security: [...secrets, 'email', 'ssh_key'],
  kubernetes: ['certificate_authority_data', 'api_key', 'password'],
  cloud: ['aws_access_key', 'aws_secret_key', 'api_key', 'token'],
  all: Object.keys(patterns).filter((name): name is PatternName => name in patterns),
} as const satisfies Record<string, readonly PatternName[]>

export type GroupName = keyof typeof groups
