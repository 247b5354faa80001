// The port to the configuration in force.
import type { Configuration } from '../../schemas/agent-definition.ts'

export interface Settings {
  /** The configuration in force and its SHA-256, which a session pins. */
  current(): { readonly configuration: Configuration; readonly hash: string }
}
