#!/usr/bin/env node
// The `casebook` command: plain JavaScript, so that an old Node gets a clear message instead of a syntax error.
import { run } from './run.mjs'

await run('main.ts', process.argv.slice(2))
