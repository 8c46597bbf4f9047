import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app-types.ts';
import { portalHeaders } from './headers.ts';
import { notBuiltPage } from './not-built.ts';
import { isPageRequest } from './page-request.ts';

export interface PortalOptions {
  /** Where `vite build` put the portal: an absolute path. It may come into being while the gateway runs. */
  readonly directory: string;
  /** Who may show it in a frame. */
  readonly frameOrigins: readonly string[];
}

/** Names as Vite makes them. No step up, no hidden file, no empty part. */
const assetPath = /^[A-Za-z0-9_-][\w.-]*(\/[A-Za-z0-9_-][\w.-]*)*$/;
const rootFile = /^\/([A-Za-z0-9_-][\w-]*\.[a-z0-9]+)$/;
const yearMs = 365 * 86_400_000;

/** Answers with a file of the portal where a request that no route knows is for one. */
export type ServePortal = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/**
 * Serves the portal: `/assets/*`, whose names change with their content, may be kept for ever; a page is always asked
 * for again. Files that the build has compressed are sent compressed.
 */
export async function routePortal(
  app: App,
  { directory, frameOrigins }: PortalOptions,
): Promise<ServePortal> {
  const headers = portalHeaders(frameOrigins);
  await app.register(fastifyStatic, {
    root: directory,
    serve: false,
    index: false,
    dotfiles: 'ignore',
    preCompressed: true,
    // The directory may not be there yet.
    suppressWarning: true,
  });

  app.get(
    '/assets/*',
    { config: { access: 'public' }, schema: { hide: true } },
    async ({ params }, reply) => {
      const path = (params as { readonly '*': string })['*'];
      if (!assetPath.test(path)) return reply.callNotFound();
      reply.headers(headers);
      return reply.sendFile(join('assets', path), { maxAge: yearMs, immutable: true });
    },
  );

  function sendFresh(reply: FastifyReply, file: string): void {
    reply.headers(headers).header('cache-control', 'no-cache').header('vary', 'accept');
    reply.sendFile(file, { cacheControl: false });
  }

  return async (request, reply) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const path = request.url.split('?', 1)[0] ?? '';
    const file = rootFile.exec(path)?.[1];
    if (file !== undefined && (await isFile(join(directory, file)))) {
      sendFresh(reply, file);
      return true;
    }
    if (!isPageRequest(request, path)) return false;
    if (await isFile(join(directory, 'index.html'))) {
      sendFresh(reply, 'index.html');
    } else {
      reply.headers(headers).code(503).header('cache-control', 'no-store');
      reply.type('text/html; charset=utf-8').send(notBuiltPage);
    }
    return true;
  };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
