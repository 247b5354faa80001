// What the dashboard takes in a real browser, measured and written down; no figure is asserted, only that each was taken.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { benchDashboard } from '../../bench/dashboard.ts'
import { printTable } from '../../bench/measure.ts'

test('messages are seen as they are sent, long sessions open, and 64 agents write at once', async () => {
  const figures = await benchDashboard(true)
  printTable('The dashboard, in a real Chromium', figures)
  assert.is(figures.length, 9)
  for (const { what, value } of figures) assert.not.match(value, /NaN/, what)
})

test.run()
