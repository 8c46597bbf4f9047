import type { FastifyRequest } from 'fastify';

const notPages = ['/v1', '/docs', '/openapi.json', '/healthz', '/readyz', '/metrics', '/in', '/assets'];

/** Whether a browser asks for a page of the portal, rather than a program for something of the API. */
export function isPageRequest({ method, headers }: FastifyRequest, path: string): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (!headers.accept?.includes('text/html')) return false;
  return !notPages.some((other) => path === other || path.startsWith(`${other}/`));
}
