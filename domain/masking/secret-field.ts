// Whether a form asks for a secret: MCP forbids servers to, and what is typed would stand on the log.
import type { ElicitationForm } from '../../schemas/elicitation.ts'
import { secretKeyOf } from './secret-keys.ts'

/** What any rule for the value under a secret's name takes for one. */
const probes = ['Zk9mQx27LfV4tRw8sYb3Nc', 'AKIAZK9MQX27LFV4TRW8']
const payment = /(?:^|_)(?:pin|otp|cvv|cvc|ssn|card_number|credit_card|totp|mfa_code|one_time_code)(?:$|_)/

/** @returns the first field whose name or title is that of a secret. */
export const secretFieldOf = ({ properties }: ElicitationForm): string | undefined =>
  Object.entries(properties).find(
    ([name, { type, title }]) => type === 'string' && [name, title ?? ''].some(namesSecret),
  )?.[0]

const namesSecret = (name: string): boolean => {
  const key = secretKeyOf(name)
  if (key !== undefined && probes.some((probe) => key.accepts(probe, 'whole'))) return true
  return payment.test(
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replace(/[^A-Za-z0-9]+/g, '_')
      .toLowerCase(),
  )
}
