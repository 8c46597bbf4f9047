import fastify, { type FastifyInstance } from 'fastify';
import { sendProblem } from '../../answers/problem.ts';
import type { App } from '../../app-types.ts';
import { unknownPath } from '../../requests/unknown-routes.ts';

const config = { access: 'public' } as const;

// The reader's browser loads nothing from elsewhere, whatever the page asks for.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The OpenAPI document, and the reference that is made from it. */
export function routeDocs(app: App): void {
  app.get('/openapi.json', { config, schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(app.swagger()),
  );

  // The reference's code is 5 MB, 150 ms and 30 MB of memory: it is loaded when somebody first reads it.
  let reference: Promise<FastifyInstance> | undefined;
  app.addHook('onClose', async () => {
    await (await reference)?.close();
  });
  for (const url of ['/docs', '/docs/*']) {
    app.get(url, { config, schema: { hide: true } }, async (request, reply) => {
      reference ??= loadReference();
      const { routing } = await reference;
      reply.hijack();
      routing(request.raw, reply.raw);
    });
  }
}

async function loadReference(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const reference = fastify({ logger: false });
  reference.setNotFoundHandler((request, reply) => sendProblem(reply, unknownPath(request)));
  reference.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });
  await reference.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '../openapi.json',
      pageTitle: 'Hookwire API',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  await reference.ready();
  return reference;
}
