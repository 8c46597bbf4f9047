import fastify, { type FastifyContextConfig } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { App } from '../app-types.ts';
import { describeRoutes } from './describe-routes.ts';

/** What the documents say of a route. */
function described(url: string, config: FastifyContextConfig, method = 'POST') {
  const schema: { response?: Record<string, { description: string }> } = {};
  const app: App = fastify();
  describeRoutes(app);
  app.route({ method, url, config, schema, handler: async () => ({}) });
  return schema.response ?? {};
}

describe('a route', () => {
  it('says who may call it', () => {
    expect(() => described('/v1/things', {})).toThrow('POST /v1/things does not say who may call it.');
  });

  it('says what the id in its path names', () => {
    const access = 'webhooks:read';
    for (const url of ['/v1/things/:id', '/v1/things/:id/parts']) {
      expect(() => described(url, { access }, 'GET')).toThrow(`GET ${url} does not say what its id names.`);
      expect(() => described(url, { access, idOf: 'webhook' }, 'GET')).not.toThrow();
    }
  });

  it('says what it can be answered with beside what every route of its kind can', () => {
    const plain = described('/v1/things', { access: 'admin' });
    expect(plain[409]).toBeUndefined();
    expect(plain[429]?.description).toContain('`slow_down`');
    const told = described('/v1/things', { access: 'admin', takesTurns: false, errors: ['conflict'] });
    expect(told[409]?.description).toBe('The resource is in another state (`conflict`).');
    expect(told[429]?.description).not.toContain('`slow_down`');
  });
});
