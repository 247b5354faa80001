// docs/agents.md and docs/helpers-and-loops.md: the folder they build loads and does what the pages say, and the commands print what they show.
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { planSession } from '../../domain/plan/plan-session.ts'
import { resolveAgent } from '../../domain/plan/resolve-agent.ts'
import { createProgram } from '../../gateways/cli/program.ts'
import { createConfigurationTools } from '../../infra/settings/configuration-tools.ts'
import { loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { eventData } from '../../schemas/events.ts'
import { builtInDir, type Files, folderOf, removeFolders } from '../infra/configuration-folder.ts'
import { codesIn, fencedBlocks, readDocument, sectionOf, tableRows } from '../support/markdown.ts'
import { underPlan } from '../support/plan-samples.ts'
import { session } from '../support/session-samples.ts'

test.after(removeFolders)

const page = ['docs/agents.md', 'docs/helpers-and-loops.md'].map(readDocument).join('\n')
const lines = page.split('\n')
const blocks = fencedBlocks(page)

/** A block whose last word before it is `my-config/…` is that file. */
const files: Files = Object.fromEntries(
  blocks.flatMap(({ text, line }) => {
    const name = /`my-config\/(\S+)`:$/.exec(lines[line - 3] ?? '')?.[1]
    return name === undefined ? [] : [[name, text]]
  }),
)
const folder = folderOf(files)

const run = async (command: string): Promise<string> => {
  let out = ''
  const program = createProgram(
    {
      serve: () => Promise.resolve(),
      demo: () => Promise.resolve(),
      configuration: createConfigurationTools({ builtInDir, variables: {} }),
    },
    {},
    (text) => {
      out += text
    },
  )
  const args = command.split(' ').map((word) => (word === 'my-config' ? folder : word))
  await program.parseAsync(args, { from: 'user' })
  return out.replaceAll(folder, 'my-config')
}

const plainly = (text: string): readonly string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))

test('every file the page shows is found', () => {
  assert.equal(Object.keys(files).sort(), [
    'agents/coordinator.md',
    'agents/disk-scout.md',
    'agents/lead.md',
    'agents/log-reader.md',
    'disks.yaml',
    'services.yaml',
  ])
})

test('the folder loads, and its layers are as told', async () => {
  const { configuration } = await loadConfiguration({ builtInDir, userDir: folder, variables: {} })
  assert.equal(configuration.agents['disk-scout']?.tools, ['host__disk', 'host__log_*'])
  const at = (agent: string, stage: number) => resolveAgent(agent, configuration, { chain: 'disks', stage })
  assert.is(at('disk-scout', 0).maxIterations.value, 12)
  const reader = at('log-reader', 1)
  assert.equal([reader.maxIterations.value, reader.provider.value, reader.model.value], [3, 'own', 'claude-sonnet-5'])
  assert.equal(reader.mcpServers.value, ['host'])
  const analyst = at('analyst', 2)
  assert.equal([analyst.provider.value, analyst.model.value, analyst.mcpServers.value], ['own', 'qwen3:8b', []])
})

const planOf = async (chain: string) => {
  const { configuration } = await loadConfiguration({ builtInDir, userDir: folder, variables: {} })
  const asked = { title: '', input: { text: '' }, origin: { kind: 'request' as const }, labels: {}, chain }
  const planned = planSession({ sessionId: session, ...asked }, configuration, 'c0ffee')
  if (planned.kind === 'problem') throw new Error(planned.problem.message)
  return planned.plan
}

/** The lines of the block that begins with these words. */
const shownBlock = (start: string): readonly string[] =>
  (blocks.find(({ text }) => text.startsWith(start))?.text ?? '').trim().split('\n')

test('the plan it shows is the plan of the chain', async () => {
  const { stages } = await planOf('services')
  const names = new Map(stages.map(({ stageId, name }) => [stageId, name]))
  const lines = stages.map(({ name, agents, dependsOn }, index) => {
    const needs =
      dependsOn?.map((id) => names.get(id)) ?? stages.slice(Math.max(0, index - 1), index).map((each) => each.name)
    const called = agents.map(({ agent }) => agent.name).join(', ')
    return `${name}: ${called}${needs.length === 0 ? '' : ` ← ${needs.join(', ')}`}`
  })
  assert.equal(lines, shownBlock('look: '))
})

test('its policy and budgets are pinned, and so is every helper', async () => {
  const { toolPolicy, budgets, helperAgents, limits, stages } = await planOf('services')
  assert.equal(
    toolPolicy?.rules.map(({ action }) => action),
    ['allow', 'deny'],
  )
  assert.is(toolPolicy?.otherwise.unsafe, 'ask')
  assert.equal(budgets, {
    session: { tokens: 400_000, usd: 2.5 },
    agent: { tool_calls: 30 },
    on_reached: 'finish',
  })
  assert.equal(
    helperAgents?.map(({ name }) => name),
    ['disk-scout', 'log-reader'],
  )
  assert.is(limits.maxStages, 15)
  const lead = stages[0]?.agents[2]?.agent
  assert.equal(lead?.builtInTools, ['send_message', 'ask_person'])
})

test('the review it shows is in the built-in chain, and sends the work back as told', async () => {
  const shown = blocks.find(({ text }) => text.includes('- name: review'))?.text ?? ''
  assert.ok(readDocument('config/chains.yaml').includes(shown))
  const adopted = await planOf('plan-build-review-deliver')
  let course = underPlan(adopted.stages, adopted.limits, adopted)
  const story: string[] = []
  for (const line of shownBlock('plan: ')) {
    if (course.state.status === 'absent') throw new Error('there is no session')
    const open = Object.values(course.state.executions).filter(({ status }) => status === 'running')
    assert.is(open.length, 1, line)
    const [execution] = open
    const stage = execution && course.state.stages[execution.stageId]
    if (execution === undefined || stage === undefined) return assert.unreachable(line)
    const verdict = /"(.*)"/.exec(line)?.[1]
    const cycle = stage.planned.cycle === undefined ? '' : `, cycle ${stage.planned.cycle}`
    story.push(`${stage.name}: ${execution.agent.name}${cycle}${verdict === undefined ? '' : `, "${verdict}"`}`)
    course = course.conclude(execution.id, verdict)
  }
  assert.equal(story, shownBlock('plan: '))
  assert.ok(course.news.some(({ type }) => type === 'session.final_analysis_recorded'))
})

test('config check prints what the page shows', async () => {
  const shown = blocks.find(({ text }) => text.includes('config check my-config'))?.text ?? ''
  const [, ...expected] = plainly(shown)
  assert.equal(
    plainly(await run('config check my-config')).map((line) => line.replace(/version \w+$/, 'version …')),
    expected,
  )
})

test('config explain prints each line the page shows, in its part', async () => {
  const shown = blocks.find(({ text }) => text.includes('config explain disks'))?.text ?? ''
  const [, ...expected] = plainly(shown)
  const printed = plainly(await run('config explain disks --folder my-config'))
  let from = 0
  for (const line of expected) {
    const at = printed.indexOf(line, from)
    assert.ok(at >= 0, `"${line}" in\n${printed.slice(from).join('\n')}`)
    from = at
  }
})

test('the tools it names are tools of the built-in server', async () => {
  const source = readDocument('docs/configuration.md')
  for (const tool of ['disk', 'log_tail', 'processes'])
    assert.match(source, new RegExp(`\`${tool}\``), join('host', tool))
})

test('the bounds it tells are the defaults, and the patterns those there are', async () => {
  const { configuration } = await loadConfiguration({ builtInDir, variables: {} })
  const { max_iterations, max_stages, helper_limits, child_limits } = configuration.defaults
  const rows = tableRows(sectionOf(page, 'Bounds')).map(([, , told = '']) => told)
  assert.equal(rows.slice(0, 5), [
    `${max_iterations}, then one without tools`,
    'what the loop says',
    String(max_stages),
    `${[helper_limits.depth, helper_limits.concurrent, helper_limits.total, helper_limits.seconds].join(', ')} s`,
    `${child_limits.depth}, ${child_limits.total}`,
  ])
  const patterns = tableRows(sectionOf(page, 'Going round in circles')).flatMap(([cell = '']) => codesIn(cell))
  assert.equal(patterns, eventData['session.loop_detected'].shape.pattern.options)
})

test.run()
