import Type from 'typebox';
import type { App } from '../../app-types.ts';
import { closed, component, word } from '../../shapes/schema.ts';
import type { SharedServices } from '../../shared-services.ts';

const tags = ['Operations'];
const config = { access: 'public' } as const;
/** Whoever watches over the gateway asks from one address, and must get an answer when it is under load. */
const watched = { ...config, unlimitedCalls: true } as const;

const health = closed(
  { status: word(['ok']), version: Type.String() },
  component('Health', 'The process is alive.'),
);
const readiness = closed(
  { ready: Type.Boolean(), detail: Type.String() },
  component('Readiness', 'Whether the gateway takes work.'),
);

export function routeHealth(app: App, services: SharedServices): void {
  app.get(
    '/healthz',
    {
      config: watched,
      schema: {
        operationId: 'getHealth',
        summary: 'Is it alive?',
        description: 'Answered as long as the process runs; needs no key.',
        tags,
        response: { 200: health },
      },
    },
    async () => ({ status: 'ok' as const, version: services.version }),
  );

  app.get(
    '/readyz',
    {
      config: watched,
      schema: {
        operationId: 'getReadiness',
        summary: 'Does it take work?',
        description:
          '503 while it starts or stops, and while nothing can be stored; `detail` says why. Needs no key.',
        tags,
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const { ready, detail } = services.readiness();
      return reply.code(ready ? 200 : 503).send({ ready, detail });
    },
  );

  app.get(
    '/metrics',
    {
      config,
      schema: {
        operationId: 'getMetrics',
        summary: "Metrics in Prometheus' text format",
        description: 'What they mean stands in the reference of metrics. Needs no key.',
        tags,
        response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) =>
      reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(await services.metrics()),
  );
}
