import { beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture } from '../testing/http-fixture.ts';
import { buildOpenApi } from './build-open-api.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: string[];
  readonly security: object[];
  readonly parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  readonly requestBody?: {
    required: boolean;
    content: Record<string, { schema: object; examples?: object }>;
  };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly webhooks: Record<string, Record<string, Operation>>;
  readonly tags: { name: string }[];
  readonly components: { schemas: Record<string, object>; securitySchemes: object };
}

let document: Document;
beforeAll(async () => {
  document = (await buildOpenApi()) as Document;
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the OpenAPI document', () => {
  it('is 3.1 and stands alone as JSON', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('is the one that the gateway serves', async () => {
    const api = await createHttpFixture(createManualClock());
    expect((await api.call('GET', '/openapi.json', undefined, { key: null })).body).toEqual(document);
    await api.app.close();
  });

  it('has every call of the contract', () => {
    expect(operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`)).toEqual([
      'POST /v1/accounts',
      'GET /v1/accounts',
      'GET /v1/accounts/{id}',
      'PATCH /v1/accounts/{id}',
      'DELETE /v1/accounts/{id}',
      'GET /v1/limits',
      'GET /v1/retention',
      'POST /v1/accounts/{id}/keys',
      'GET /v1/accounts/{id}/keys',
      'DELETE /v1/accounts/{id}/keys/{keyId}',
      'GET /v1/session',
      'POST /v1/session',
      'DELETE /v1/session',
      'POST /v1/session/setup',
      'POST /v1/session/password-link',
      'POST /v1/session/password',
      'PATCH /v1/session/person',
      'GET /v1/session/oidc',
      'GET /v1/people',
      'POST /v1/people',
      'GET /v1/people/{id}',
      'PATCH /v1/people/{id}',
      'DELETE /v1/people/{id}',
      'POST /v1/people/{id}/password-link',
      'POST /v1/accounts/{id}/portal-links',
      'POST /v1/session/portal-link',
      'GET /v1/audit',
      'POST /v1/senders',
      'GET /v1/senders',
      'DELETE /v1/senders/{id}',
      'GET /v1/catalog',
      'POST /v1/webhooks',
      'GET /v1/webhooks',
      'GET /v1/webhooks/{id}',
      'PUT /v1/webhooks/{id}',
      'DELETE /v1/webhooks/{id}',
      'POST /v1/webhooks/{id}/enable',
      'POST /v1/webhooks/{id}/disable',
      'POST /v1/webhooks/{id}/restore',
      'GET /v1/webhooks/{id}/secret',
      'POST /v1/webhooks/{id}/secret/rotate',
      'POST /v1/webhooks/preview',
      'POST /v1/webhooks/test',
      'POST /v1/webhooks/{id}/test',
      'GET /v1/webhooks/{id}/stats',
      'GET /v1/stats',
      'POST /v1/webhooks/{id}/recover',
      'POST /v1/deliveries/replay',
      'GET /v1/tasks',
      'GET /v1/tasks/{id}',
      'POST /v1/tasks/{id}/cancel',
      'POST /v1/erasures',
      'GET /v1/erasures',
      'POST /v1/events',
      'GET /v1/events',
      'GET /v1/events/{id}',
      'GET /v1/events/{id}/routing',
      'GET /v1/events.csv',
      'GET /v1/events.ndjson',
      'GET /v1/deliveries',
      'GET /v1/deliveries/{id}',
      'POST /v1/deliveries/{id}/replay',
      'GET /v1/deliveries.csv',
      'GET /v1/deliveries.ndjson',
      'GET /v1/deliveries/{id}/attempts/{number}/request',
      'GET /v1/live',
      'GET /v1/gateway',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
    ]);
  });

  it('says of every call what it is, who may make it and what it answers', () => {
    const tags = document.tags.map(({ name }) => name);
    for (const { path, method, operation } of operations()) {
      const at = `${method} ${path}`;
      const { operationId, summary, description, security, responses } = operation;
      expect([at, operationId]).toEqual([at, expect.stringMatching(/^[a-z][A-Za-z]+$/)]);
      expect([at, summary]).toEqual([at, expect.stringMatching(/^[A-Z]/)]);
      expect(tags).toEqual(expect.arrayContaining(operation.tags));
      const statuses = Object.keys(responses);
      expect([at, statuses.some((status) => /^[23]/.test(status))]).toEqual([at, true]);
      if (!path.startsWith('/v1/') || path.startsWith('/v1/session')) continue;
      expect([at, security]).toEqual([at, [{ apiKey: [] }, { cookie: [] }]]);
      expect([at, description]).toEqual([at, expect.stringMatching(/operator key/)]);
      expect(statuses).toEqual(expect.arrayContaining(['401', '403']));
      for (const status of statuses.filter((each) => /^[45]/.test(each))) {
        expect(responses[status]?.content?.['application/problem+json']?.schema).toEqual({
          $ref: '#/components/schemas/Problem',
        });
      }
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described =
        operation.parameters?.filter((each) => each.in === 'path').map(({ name }) => name) ?? [];
      expect([at, described]).toEqual([at, inPath]);
      expect([at, operation.requestBody !== undefined || !['put', 'patch'].includes(method)]).toEqual([
        at,
        true,
      ]);
    }
  });

  it('names every operation once', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to schemas that it has, and to each', () => {
    const text = JSON.stringify(document);
    const used = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(document.components.schemas).sort());
    expect(text).not.toContain('x-component');
  });

  it('lets optional bodies be left out', () => {
    const required = (path: string) => document.paths[path]?.post?.requestBody?.required;
    expect(required('/v1/webhooks/{id}/secret/rotate')).toBe(false);
    expect(required('/v1/webhooks/{id}/test')).toBe(false);
    expect(required('/v1/webhooks')).toBe(true);
  });
});

describe('its webhooks', () => {
  it('describe DLR and MO in every form, and operational events, with the headers of the signature', () => {
    expect(Object.keys(document.webhooks)).toEqual([
      ...['dlrGet', 'dlrPost', 'dlrJson', 'dlrJsonList', 'dlrXml', 'dlrXmlList'],
      ...['moGet', 'moPost', 'moJson', 'moJsonList', 'moJsonFlat', 'moJsonFlatList', 'moXml', 'moXmlList'],
      ...['operationsJson', 'operationsJsonList'],
    ]);
    for (const [name, item] of Object.entries(document.webhooks)) {
      const operation = name.endsWith('Get') ? item.get : item.post;
      const headers = operation?.parameters?.filter((each) => each.in === 'header').map((each) => each.name);
      expect(headers).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature', 'user-agent']);
    }
  });

  const content = (name: string, type: string) => document.webhooks[name]?.post?.requestBody?.content[type];
  const example = (name: string, type: string, key: string) =>
    Reflect.get(content(name, type)?.examples ?? {}, key).value;

  it('show the values of bodies that the renderer made', () => {
    expect(example('dlrPost', 'application/x-www-form-urlencoded', 'sms-delivered')).toMatchObject({
      error_code: '000',
    });
    expect(example('dlrXml', 'application/xml', 'whatsapp-read')).toMatchObject({ status: 'read' });
    expect(example('dlrJson', 'application/json', 'sms-failed')).toMatchObject({ delivered_time: null });
    expect(example('moJson', 'application/json', 'whatsapp-text')).toMatchObject({
      messaging_product: 'whatsapp',
    });
    expect(example('moJsonFlat', 'application/json', 'whatsapp-text')).toMatchObject({ type: 'text' });
    expect(example('operationsJson', 'application/json', 'webhook.disabled')).toMatchObject({
      type: 'webhook.disabled',
      data: { reason: 'failing' },
    });
  });

  it('show what goes on the wire, byte for byte', () => {
    const words = (name: string) =>
      (document.webhooks[name]?.post ?? document.webhooks[name]?.get)?.description ?? '';
    expect(words('dlrGet')).toContain('/hook?txn_id=');
    expect(words('dlrPost')).toContain('&error_code=000&');
    expect(words('dlrXml')).toContain('<dlr><txn_id>');
    expect(words('dlrXmlList')).toMatch(/<dlrs><dlr>.*<\/dlr><dlr>.*<\/dlr><\/dlrs>/);
    expect(words('moXmlList')).toMatch(/<mos><mo>.*<\/mo><\/mos>/);
  });

  it('show the lists of JSON and XML', () => {
    expect(example('dlrJsonList', 'application/json', 'sms-batch')).toMatchObject([
      { error_code: '000' },
      { error_code: '027' },
    ]);
    expect(example('moJsonList', 'application/json', 'whatsapp-batch')).toMatchObject([
      { messaging_product: 'whatsapp' },
      { messaging_product: 'whatsapp' },
    ]);
    expect(example('moJsonFlatList', 'application/json', 'whatsapp-batch')).toMatchObject([
      { type: 'text' },
      { type: 'image' },
    ]);
    expect(example('dlrXmlList', 'application/xml', 'batch')).toMatchObject({
      dlr: [{ error_code: '000' }, { error_code: '027' }],
    });
    expect(content('dlrXml', 'application/xml')?.schema).toMatchObject({ xml: { name: 'dlr' } });
    expect(content('dlrXmlList', 'application/xml')?.schema).toMatchObject({ xml: { name: 'dlrs' } });
    expect(content('dlrJsonList', 'application/json')?.schema).toMatchObject({ type: 'array' });
  });
});
