import type { RouteOptions } from 'fastify';
import { type ErrorCode, errorTable } from '../../core/errors.ts';
import { scopes } from '../../core/scopes.ts';
import { problemType } from '../answers/problem.ts';
import { problem } from '../answers/problem-schema.ts';
import type { App } from '../app-types.ts';
import { type RouteAccess, scopesOf } from '../callers/auth.ts';
import { closed } from '../shapes/schema.ts';

/**
 * Gives every route under /v1 what follows from it: who may call, which errors it can answer with, and that it takes no
 * query parameters where it names none. A route that does not say who may call, or what its `:id` names, is a mistake.
 */
export function describeRoutes(app: App): void {
  app.addHook('onRoute', (route) => {
    const { schema } = route;
    const access = route.config?.access;
    // Fastify makes a HEAD of every GET, with the same schema.
    if (!schema || schema.hide || route.method === 'HEAD') return;
    if (access === undefined)
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it.`);
    if (route.url.includes('/:id') && route.config?.idOf === undefined)
      throw new Error(`${String(route.method)} ${route.url} does not say what its id names.`);
    if (route.url.startsWith('/v1/')) schema.querystring ??= closed({});
    schema.security = access === 'public' ? [] : [{ apiKey: [] }, { cookie: [] }];
    schema.description = [schema.description, accessWords(access)].filter(Boolean).join('\n\n');
    const gone = route.method === 'DELETE' ? { 204: { description: 'It is gone.', type: 'null' } } : {};
    schema.response = { ...gone, ...(schema.response ?? {}), ...problems(errorsOf(route, access)) };
  });
}

function accessWords(access: RouteAccess): string {
  if (access === 'public') return '';
  if (access === 'operator') return 'For operator keys only.';
  if (access === scopes) return 'For every key of an account, and for operator keys.';
  const enough = new Set([...scopesOf(access), 'admin']);
  const named = [...enough].map((scope) => `\`${scope}\``);
  return `Needs the scope ${named.join(' or ')}, or an operator key.`;
}

/** What a call can be answered with before its handler sees it, and what its handler can add. */
function errorsOf({ schema, method, config }: RouteOptions, access: RouteAccess): ErrorCode[] {
  // Of any request: what is no HTTP, comes too slowly, or has too many headers.
  const codes: ErrorCode[] = ['invalid_request', 'request_timeout', 'headers_too_large'];
  // Of any connection beyond the bounds; health checks are answered on those too.
  if (!config?.unlimitedCalls || method !== 'GET') codes.push('too_many_connections', 'overloaded');
  if (!config?.unlimitedCalls || access !== 'public') codes.push('too_many_calls');
  if (method !== 'GET') codes.push('too_large', 'unsupported_media_type');
  if (schema?.body || schema?.params || schema?.querystring) codes.push('invalid_input');
  if (access !== 'public') {
    codes.push('unauthorized', 'forbidden');
    if (method !== 'GET') codes.push('csrf');
    // People name their account in a header, which may be none of theirs.
    codes.push('not_found', 'invalid_input');
  }
  codes.push(...(config?.errors ?? []));
  if (config?.repeats) codes.push('idempotency_key_reused');
  if (config?.repeats === 'shownOnce') codes.push('already_done');
  if (access !== 'public' && config?.takesTurns !== false) codes.push('slow_down');
  return codes;
}

function problems(codes: readonly ErrorCode[]): object {
  const titles = new Map<number, string[]>();
  for (const code of new Set(codes)) {
    const { status, title } = errorTable[code];
    titles.set(status, [...(titles.get(status) ?? []), `${title} (\`${code}\`).`]);
  }
  return Object.fromEntries(
    [...titles].map(([status, sentences]) => [
      status,
      { description: sentences.join(' '), content: { [problemType]: { schema: problem } } },
    ]),
  );
}
