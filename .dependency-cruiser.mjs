// The import directions of docs/architecture.md, held by `npm run check`: a wrong arrow fails the build.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}/` },
  to: {
    path: '^(schemas|domain|commands|handlers|projections|gateways|infra|wiring|main\\.ts|bench|tests)',
    pathNot: allowed.map((folder) => `^${folder}/`),
  },
})

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('schemas-stand-alone', 'schemas', ['schemas'], 'The language depends on nothing.'),
    only('domain-is-pure', 'domain', ['schemas', 'domain'], 'Decisions know only the language.'),
    only(
      'commands-below-handlers',
      'commands',
      ['schemas', 'domain', 'commands'],
      'The command bus knows decisions and its own ports.',
    ),
    only(
      'handlers-above-commands',
      'handlers',
      ['schemas', 'domain', 'commands', 'handlers'],
      'Handlers react through commands and ports.',
    ),
    only(
      'projections-read',
      'projections',
      ['schemas', 'domain', 'projections'],
      'A projection never appends and never calls out.',
    ),
    only(
      'gateways-are-edges',
      'gateways',
      ['schemas', 'domain', 'commands', 'handlers', 'projections', 'gateways'],
      'Gateways implement ports; infra is passed in.',
    ),
    only(
      'infra-is-underneath',
      'infra',
      ['schemas', 'domain', 'commands', 'handlers', 'projections', 'infra'],
      'Infra implements ports; nothing but the wiring imports it.',
    ),
    {
      name: 'wired-by-main-alone',
      comment: 'What puts gateways and infra together is called by main.ts and by nothing else.',
      severity: 'error',
      from: { pathNot: '^(main\\.ts|wiring/)' },
      to: { path: '^(wiring/|main\\.ts)' },
    },
    {
      name: 'domain-has-no-effects',
      comment: 'No I/O, clock or randomness where decisions are made; hashing is passed in.',
      severity: 'error',
      from: { path: '^domain/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    },
    {
      name: 'only-edges-know-drivers',
      severity: 'error',
      from: { path: '^(schemas|domain|commands|handlers)/' },
      to: { path: 'node_modules/(@nats-io|pg|kysely|fastify|openai|@modelcontextprotocol)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
