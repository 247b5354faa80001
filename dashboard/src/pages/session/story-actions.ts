// What cards need beside their event: who is who, and where their links and menus lead.
import { createContext, useContext } from 'react'

/** Where a fork begins. */
export interface ForkFrom {
  readonly version: number
  /** A call whose answer may be another one. */
  readonly call?: { readonly id: string; readonly name: string; readonly text: string }
}

export interface StoryActions {
  readonly sessionId: string
  /** Around a card of what a fork shares: the session it happened in. */
  readonly inheritedFrom?: string
  /** Name of whoever an execution is of. */
  readonly agentOf: (executionId: string) => string
  readonly stageOf: (stageId: string) => string
  readonly isHelper: (executionId: string) => boolean
  /** Shows the card of a tool call, also one that is not read yet. */
  readonly showCall: (toolCallId: string) => void
  readonly fork: (from: ForkFrom) => void
}

export const StoryActionsContext = createContext<StoryActions | null>(null)

export const useStoryActions = (): StoryActions => {
  const actions = useContext(StoryActionsContext)
  if (actions === null) throw new Error('useStoryActions stands outside of a session')
  return actions
}
