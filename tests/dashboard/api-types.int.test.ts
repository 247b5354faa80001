// The dashboard's types of the API are those of the server as it is: made from its OpenAPI document, never by hand.
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { apiTypesFile, apiTypesOf } from '../../dashboard/api-types.ts'
import { startHttpWorld } from '../gateways/http-world.ts'

test('the types in the dashboard are made from /openapi.json as it is served; run `npm run api-types` after a change', async () => {
  const world = await startHttpWorld()
  try {
    const { url } = await world.serve({})
    const made = await apiTypesOf(JSON.parse(await (await fetch(`${url}/openapi.json`)).text()))
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(apiTypesFile, made)
    assert.is(readFileSync(apiTypesFile, 'utf8') === made, true)
  } finally {
    await world.stop()
  }
})

test.run()
