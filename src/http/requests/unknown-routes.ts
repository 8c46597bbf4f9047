import type { FastifyRequest } from 'fastify';
import { HookwireError } from '../../core/errors.ts';
import { shown } from '../../core/shown.ts';
import type { App } from '../app-types.ts';

/** A path that some route has, as a pattern. */
interface KnownPath {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/**
 * Refuses, before a body is read, calls that no route is for: 405 where the path has other methods, whatever the method
 * is (Node knows some thirty), else 404. Pages of the portal are no routes, so GET and HEAD go on to the portal first.
 */
export function refuseUnknown(app: App): void {
  const known = new Map<string, KnownPath>();
  app.addHook('onRoute', ({ url, method }) => {
    const path = known.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const each of [method].flat()) path.methods.add(each);
    known.set(url, path);
  });

  /** A path that a route names as it is has the methods of that one alone, as `/v1/deliveries/replay`. */
  function methodsOf(path: string): ReadonlySet<string> {
    const exact = known.get(path);
    if (exact) return exact.methods;
    for (const { pattern, methods } of known.values()) if (pattern.test(path)) return methods;
    return new Set();
  }

  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const path = pathOf(request);
    const methods = methodsOf(path);
    if (methods.size > 0 && !methods.has(request.method)) {
      const allow = [...methods].join(', ');
      reply.header('allow', allow);
      const detail = `${request.method} is not for this path; ${allow} ${methods.size > 1 ? 'are' : 'is'}.`;
      return done(new HookwireError('method_not_allowed', detail));
    }
    if (request.method === 'GET' || request.method === 'HEAD') return done();
    done(unknownPath(request));
  });
}

/** The 404 for a path. Its query is not told: it may hold what is secret. */
export function unknownPath(request: FastifyRequest): HookwireError {
  return new HookwireError('not_found', `There is no ${request.method} ${shown(pathOf(request))}.`);
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}

/** `/v1/accounts/:id` as a regular expression; `*` at the end is any rest. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
