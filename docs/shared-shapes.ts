// The shapes that many events share: each has a section of its own, and is linked where it is used.
import { actor } from '../schemas/actor.ts'
import { pinnedAgent } from '../schemas/agent-definition.ts'
import { normalisedAlert } from '../schemas/alert.ts'
import { budget, sessionBudgets } from '../schemas/budget.ts'
import { cause } from '../schemas/cause.ts'
import { evidence, finding } from '../schemas/conclusion.ts'
import { configurationChange } from '../schemas/configuration-events.ts'
import { elicitationField, elicitationRequest } from '../schemas/elicitation.ts'
import { forkChanges, pinnedForkPoint } from '../schemas/fork.ts'
import { bookedUsage } from '../schemas/ledger-events.ts'
import { modelIdentity, tokenUsage } from '../schemas/model.ts'
import { overrides } from '../schemas/overrides.ts'
import { inputAnswer, inputQuestion } from '../schemas/session-inputs.ts'
import { sessionOrigin } from '../schemas/session-origin.ts'
import { extensionReason, plannedStage, sessionLimits, successPolicy } from '../schemas/session-plan.ts'
import { recordedToolCall } from '../schemas/session-turn-events.ts'
import { blobRef, storedText } from '../schemas/stored-text.ts'
import { taskRepeat } from '../schemas/task-events.ts'
import { offeredTool, unavailableServer } from '../schemas/tool.ts'
import { toolPolicy, toolRule } from '../schemas/tool-policy.ts'

export const sharedShapes = {
  storedText,
  blobRef,
  cause,
  finding,
  evidence,
  sessionOrigin,
  pinnedForkPoint,
  forkChanges,
  sessionLimits,
  plannedStage,
  pinnedAgent,
  recordedToolCall,
  offeredTool,
  elicitationRequest,
  elicitationField,
  unavailableServer,
  tokenUsage,
  modelIdentity,
  normalisedAlert,
  configurationChange,
  successPolicy,
  extensionReason,
  inputQuestion,
  inputAnswer,
  toolPolicy,
  toolRule,
  sessionBudgets,
  budget,
  overrides,
  taskRepeat,
  bookedUsage,
  actor,
} as const

export const shapeNotes: Readonly<Partial<Record<keyof typeof sharedShapes, string>>> = {
  storedText:
    '`text` is everything when there is no `blob`; else the beginning and the end of it, and the blob has the whole.',
  blobRef: 'A value in the object store `casebook_blobs`, under its SHA-256.',
  cause: 'Why something ended. [errors.md](errors.md#causes-of-an-end) has the codes.',
  finding: 'What an agent states, and the tool calls it names for it.',
  plannedStage: 'A stage of the plan with its agents, every field resolved.',
  successPolicy: 'When a stage of several agents has succeeded.',
  inputQuestion: 'What a person is asked.',
  elicitationRequest: 'What an MCP server asks with: a flat form, or a link that people open themselves.',
  toolPolicy: 'Which tool calls are made, asked about or refused. The first rule that matches decides.',
  offeredTool: '`effect` says what may happen when a call is repeated: `unsafe` is never run twice.',
  normalisedAlert: 'An alert of any source in one form, masked.',
}
