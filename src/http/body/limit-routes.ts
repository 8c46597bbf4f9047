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

/** `16 KiB`; what is no whole number of them in bytes. */
export function inWords(bytes: number): string {
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}
