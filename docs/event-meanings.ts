// What each event says has happened, in one sentence for the reference.
import type { EventType } from '../schemas/events.ts'

/** A new event type without a sentence here does not compile. */
export const meanings: Readonly<Record<EventType, string>> = {
  'session.started': 'Somebody or an alert asked for an investigation.',
  'session.forked':
    'The first event of a session that goes on from another one: it shares what happened there up to `from.at`, and changes something.',
  'session.drift_recorded': 'A replay has ended: how it went beside the session it replays.',
  'session.plan_adopted': 'The chain is chosen, and everything the session runs under is pinned by value.',
  'session.plan_extended':
    'The plan grows: a failed stage is run again, or a review sends the work back for another cycle.',
  'session.admitted': 'A place is free for a session that waited for one: it begins.',
  'session.limit_reached': "A loop's cycles or the session's hop budget ended what would have gone on.",
  'session.stage_started': 'A stage of the plan begins.',
  'session.execution_started': 'An agent begins to work in a stage.',
  'session.helper_dispatched':
    'An agent hands a task to a helper, which works beside it under an execution of its own.',
  'session.helper_reported': "A helper's report has reached the agent that called on it.",
  'session.tools_offered': 'The tools an agent may call, as their servers listed them at its first turn.',
  'session.turn_requested': 'The model is to be asked: what the agent runner reacts to.',
  'session.model_replied': 'The model answered a turn.',
  'session.context_compacted':
    'The conversation had grown too long: the agent goes on from its own summary of the older turns.',
  'session.loop_detected': 'An agent went round in circles: it is told once, and made to conclude the second time.',
  'session.provider_switched':
    'The model failed for good; the next one of the agent’s fallback list is asked from here on.',
  'session.model_failed': 'One attempt at a turn failed. What follows is decided by its class.',
  'session.tool_call_requested':
    'A call the model proposed is valid and is to be run: what the tool executor reacts to.',
  'session.tool_call_refused': 'A call the model proposed is not run; the model is told why.',
  'session.tool_call_begun':
    'A process is about to run the call. Without a record after it, the call may or may not have run.',
  'session.tool_call_recorded': 'The outcome of a call.',
  'session.result_summary_requested':
    'A result is longer than its agent is to be shown: what the result summarizer reacts to.',
  'session.result_summary_failed': 'One attempt at such a summary failed.',
  'session.result_summarized':
    'What the agent is shown in the place of a long result: a summary, or an excerpt where no model could write one.',
  'session.execution_ended': 'An agent is done, with its conclusion or the cause of its failure.',
  'session.stage_ended': 'All agents of a stage are done.',
  'session.final_analysis_recorded': 'The conclusion of the last stage becomes the report of the session.',
  'session.summary_requested': 'The executive summary is to be written: what the summarizer reacts to.',
  'session.summary_recorded': 'The executive summary.',
  'session.budget_raised': "Somebody granted more of the org's day in another session: this one goes on.",
  'session.turn_held':
    "A turn was not begun: a budget of the org's day is used up. It is asked for again when that changes.",
  'session.unpriced_noticed':
    'A budget in dollars holds, and this model has no known price: its replies count nothing.',
  'session.summary_failed': 'One attempt at the summary failed. The session completes with or without it.',
  'session.input_requested': 'A person is asked: to approve a call, to answer an agent, or to grant more of a budget.',
  'session.input_answered': 'The first answer; it wins.',
  'session.input_expired': 'Nobody answered in time: the cautious answer is taken.',
  'session.input_withdrawn': 'What asked has ended, so that nobody needs to answer any more.',
  'session.message_sent': 'Somebody said something to an agent, which hears it at its next turn.',
  'session.child_started': 'A session was started from this one, by an agent or a person; it runs in its own stream.',
  'session.child_ended': 'A session that was started from this one has ended, with its report.',
  'session.paused': 'Nothing new begins until the session is resumed; what is under way finishes.',
  'session.resumed': 'The session goes on where it was paused.',
  'session.budget_reached': 'As much was used as may be: the agents it holds for conclude, or a person is asked.',
  'session.alert_noted': 'The alert under investigation fired again, or is over.',
  'session.evaluated': 'It was held against an evaluation case after its end: which checks passed.',
  'session.ended': 'The session is over, and says why. Nothing follows it but late tool results and the chat about it.',
  'session.question_asked':
    'Somebody asks about the session after its end. An agent answers in executions of its own, one question at a time.',
  'alert.fired': 'A new episode of the alert: a session is opened under the id reserved here.',
  'alert.repeated': 'The same episode again: it joins the session that looks into it.',
  'alert.resolved': 'The source says the episode is over.',
  'alert.investigated': 'The session of the episode has ended: the next firing opens a new one.',
  'task.scheduled': 'Somebody wants a session opened at a moment, once or again and again: run 1 is ahead.',
  'task.run_scheduled': 'One more run is ahead.',
  'task.started': 'A run is due: a session is opened under the id reserved here.',
  'task.ended': 'The session of a run has ended.',
  'task.cancelled': 'Runs that have not started never will; sessions under way go on.',
  'session.held': 'A legal hold: nothing erases the session until it is released.',
  'session.hold_released': 'The legal hold is over.',
  'session.erasure_requested': 'The last event of a session that is to be erased.',
  'erasure.recorded': 'The tombstone: who erased the session, when, why, and the hash its chain ended with.',
  'person.forgotten': 'A person is to be forgotten: by whom this was asked for, and why.',
  'person.key_destroyed': 'What was sealed with the key of the person opens for nobody any more.',
  'erasure.completed': 'Its commits, and the blobs no other session names, are gone.',
  'ledger.usage_booked': 'Sessions of the org used this much.',
  'ledger.budget_reached': "A budget of the org's day stopped a session.",
  'ledger.budget_raised': 'A person granted more for this day; every session that waits for it goes on.',
  'configuration.loaded':
    'A process loaded a configuration that is not the one in force: sessions begin under it from now on.',
}
