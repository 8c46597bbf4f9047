import type { HTTPMethods } from 'fastify';
import { HookwireError } from '../core/errors.ts';
import type { App } from './app-types.ts';

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Watches which methods each path has; call the answer, once all routes are there, to refuse the others with 405. */
export function watchMethods(app: App): () => void {
  const byUrl = new Map<string, Set<HTTPMethods>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = byUrl.get(url) ?? new Set();
    for (const each of [method].flat()) known.add(each);
    byUrl.set(url, known);
  });

  return () => {
    for (const [url, known] of [...byUrl]) {
      const missing = methods.filter((method) => !known.has(method));
      if (missing.length === 0) continue;
      const allow = [...known].join(', ');
      app.route({
        method: missing,
        url,
        schema: { hide: true },
        // Before the body is read, whatever it is.
        onRequest: async (request, reply) => {
          reply.header('allow', allow);
          throw new HookwireError(
            'method_not_allowed',
            `${request.method} is not for this path; ${allow} is.`,
          );
        },
        handler: async () => undefined,
      });
    }
  };
}
