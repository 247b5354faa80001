// Which methods each path knows: a wrong method is told apart from a wrong path.
import type { FastifyInstance } from 'fastify'

/** To be called before the routes are registered. @returns the methods of a path, sorted; none when there is no such path. */
export const noteMethods = (app: FastifyInstance): ((path: string) => readonly string[]) => {
  const routes: { readonly path: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    const path = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`)
    routes.push({ path, methods: [method].flat() })
  })
  return (asked) => [...new Set(routes.flatMap(({ path, methods }) => (path.test(asked) ? methods : [])))].sort()
}
