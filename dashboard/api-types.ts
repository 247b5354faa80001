// The types of the HTTP API as the dashboard sees it, made from the OpenAPI document of the running server.
import openapiTypescript, { astToString, type OpenAPI3 } from 'openapi-typescript'

const head = `// Made from /openapi.json; \`npm run api-types\` makes it anew, and a test fails when it is not the server's.\n`

export const apiTypesFile = new URL('src/api/schema.d.ts', import.meta.url)

export const apiTypesOf = async (document: OpenAPI3): Promise<string> =>
  head + astToString(await openapiTypescript(document, { alphabetize: true }))
