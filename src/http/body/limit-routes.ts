import type { FastifyRequest } from 'fastify';
import { HookwireError } from '../../core/errors.ts';
import type { App } from '../app-types.ts';
import { type BodyLimits, typedBody } from './limits.ts';

/**
 * Holds each route to the bytes that its body may have, and says so in the documents.
 * @param most the largest body that the gateway takes at all
 */
export function limitBodies(app: App, most: number): void {
  app.addHook('onRoute', (route) => {
    const { bytes }: BodyLimits = route.config?.body ?? typedBody;
    route.bodyLimit = Math.min(bytes, most);
    const { schema } = route;
    if (!schema?.body || schema.hide) return;
    const words = `The body has at most ${inWords(route.bodyLimit)}.`;
    schema.description = [schema.description, words].filter(Boolean).join('\n\n');
  });
}

/** The answer to a body of more bytes than its route takes. */
export function tooLarge({ routeOptions }: FastifyRequest, when = '', cause?: unknown): HookwireError {
  const { method, url, bodyLimit } = routeOptions;
  const detail = `The body has more than ${inWords(bodyLimit)}${when}, the most that ${method} ${url} takes.`;
  return new HookwireError('too_large', detail, { cause });
}

/** `16 KiB`; what is no whole number of them in bytes. */
export function inWords(bytes: number): string {
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}
