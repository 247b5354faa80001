// The dashboard's files, served as they were built: nothing of them is loaded from elsewhere, and nothing but them may run.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isSessionPage, sessionPreloads } from './page-preloads.ts'

/** First parts of the paths that are pages. */
const pages = ['alerts', 'sessions', 'inputs', 'events', 'operations', 'tasks'] as const

const pagePath = new RegExp(`^/(?:(?:${pages.join('|')})(?:/.*)?|assets/.+|favicon\\.svg)?$`)

/** Pages and their files say nothing of any session, and a browser asks for them before it has a token. */
export const isDashboardPath = (path: string): boolean => pagePath.test(path)

/** `folder` is where the build put it; without one the start page says how to build it. */
export const registerDashboard = async (app: FastifyInstance, folder: string): Promise<void> => {
  const index = join(folder, 'index.html')
  const built = existsSync(index)
  const html = built ? readFileSync(index, 'utf8') : notBuilt
  const ofSession = html.replace('</head>', `${sessionPreloads(folder)}</head>`)
  const page = ({ url }: FastifyRequest, reply: FastifyReply): FastifyReply => {
    // Model text is untrusted: whatever of it became markup could load nothing and run nothing.
    const nonce = randomBytes(16).toString('base64')
    return reply
      .header('content-security-policy', policyWith(nonce))
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send((isSessionPage(url.split('?', 1)[0] ?? '') ? ofSession : html).replaceAll('__NONCE__', nonce))
  }
  const hidden = { schema: { hide: true } }
  app.get('/', hidden, page)
  for (const each of pages) {
    app.get(`/${each}`, hidden, page)
    app.get(`/${each}/*`, hidden, page)
  }
  if (!built) return
  await app.register(staticFiles, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    // Their names carry a hash of what they hold.
    immutable: true,
    maxAge: '1y',
  })
  app.get('/favicon.svg', hidden, (_request, reply) => reply.sendFile('favicon.svg', folder))
}

const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Casebook</title>
<h1>The dashboard is not built</h1><p>Run <code>npm run build</code>, then start Casebook again. The API is served all the same: <a href="/openapi.json">/openapi.json</a>.</p></html>
`
