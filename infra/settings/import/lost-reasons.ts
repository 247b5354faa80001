// Why a field of a tarsy.yaml has no place here, and what does its work instead.
import type { Path } from './source-file.ts'

const everywhere: Readonly<Record<string, string>> = {
  iteration_strategy: 'the controller of the agent decides how it works',
  llm_backend: 'one gateway speaks to every provider',
  backend: 'one gateway speaks to every provider',
  native_tools: 'searching the web is web_search of the agent; other tools of a model provider are not offered',
  skills: 'put the text into the instructions of the agent',
  required_skills: 'put the text into the instructions of the agent',
  data_masking: 'everything is masked before it is stored; patterns of a server are not configured',
  summarization:
    'long results are summarized by default; set summarize_results in defaults, an agent, a chain or a stage',
  synthesis: 'what the synthesis runs under is said by its agent and by the chain',
  sub_agents: 'what a helper runs under is said by its agent and by the chain',
  orchestrator: 'the limits of helpers stand in defaults.helper_limits, for every agent',
  chat: 'every session can be asked once it has ended; what the chat runs under is said by its agent and by the chain',
  scoring: 'finished sessions are not scored',
  verify_ssl: 'certificates are always checked',
  session_cleanup_url: 'a server session ends with the session of the protocol',
  timeout: 'a time-out stands in call_timeout_seconds of the server',
  executive_summary_provider: 'set the provider of the agent named in defaults.summary_agent',
}

const topLevel: Readonly<Record<string, string>> = {
  queue: 'work is spread by the log; nothing is polled, and a killed process is taken over in seconds',
  'system.cost_estimation':
    'published prices are used by themselves; prices of your own stand in defaults.model_prices',
  system: 'settings of the process are environment variables (docs/configuration.md)',
  'defaults.memory': 'nothing is remembered from one session to the next',
  'defaults.alert_masking': 'every alert is masked before it is stored',
}

export const lostReason = (path: Path): string => {
  const [first = '', second = ''] = path
  const general = topLevel[`${first}.${second}`] ?? topLevel[String(first)]
  if (general !== undefined) return general
  const known = path.find((part) => typeof part === 'string' && Object.hasOwn(everywhere, part))
  return (known === undefined ? undefined : everywhere[known]) ?? 'there is no such field here'
}
