// Writes the generated pages of docs/: `npm run docs`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventsDocument } from './events-document.ts'

writeFileSync(join(import.meta.dirname, 'events.md'), eventsDocument())
