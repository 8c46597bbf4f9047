import { Compile } from 'typebox/schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildOpenApi } from './build-open-api.ts';
import { isNode, type Node } from './node.ts';

/**
 * What generators of clients stumble over, each found with one of openapi-typescript, openapi-python-client, oapi-codegen
 * and openapi-generator. CONTRIBUTING.md says how to try them.
 */

interface Place {
  /** As a JSON pointer has it, without its escapes. */
  readonly at: string;
  readonly node: Node;
}

let document: Node;
let places: readonly Place[];
beforeAll(async () => {
  document = (await buildOpenApi()) as Node;
  places = [...placesIn(document, '')];
});

/** Every object of the document but examples, which are no part of it. */
function* placesIn(value: unknown, at: string): Generator<Place> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* placesIn(item, `${at}/${index}`);
  }
  if (!isNode(value)) return;
  yield { at, node: value };
  for (const [key, part] of Object.entries(value)) {
    if (key !== 'example' && key !== 'examples' && key !== 'default' && key !== 'enum') {
      yield* placesIn(part, `${at}/${key}`);
    }
  }
}

function placesWhere(wanted: (place: Place) => boolean): string[] {
  return places.filter(wanted).map(({ at }) => at);
}

function operationsOf(part: 'paths' | 'webhooks'): Place[] {
  const depth = new RegExp(`^/${part}/.+/(get|put|post|patch|delete)$`);
  return places.filter(({ at, node }) => depth.test(at) && 'operationId' in node);
}

/** The names of the schemas that a part refers to, and those that they refer to. */
function reachedFrom(part: unknown, reached = new Set<string>()): ReadonlySet<string> {
  const schemas = (document.components as Node).schemas as Node;
  for (const [, name = ''] of JSON.stringify(part).matchAll(/#\/components\/schemas\/(\w+)/g)) {
    if (reached.has(name)) continue;
    reached.add(name);
    reachedFrom(schemas[name], reached);
  }
  return reached;
}

const isNamed = ({ at }: Place) => /^\/components\/schemas\/\w+$/.test(at);

describe('The OpenAPI document, for those who generate from it', () => {
  it('has no tag that calls of the API share with what endpoints receive', () => {
    const tagsOf = (part: 'paths' | 'webhooks') =>
      new Set(operationsOf(part).flatMap(({ node }) => node.tags as string[]));
    const received = tagsOf('webhooks');
    expect([...tagsOf('paths')].filter((tag) => received.has(tag))).toEqual([]);
    expect([...received]).toHaveLength(1);
  });

  it('refers from what endpoints receive to nothing that no call refers to', () => {
    const reached = reachedFrom(document.paths);
    expect([...reachedFrom(document.webhooks)].filter((name) => !reached.has(name))).toEqual([]);
  });

  it('gives no value two types, but for null', () => {
    const isMixed = ({ node: { type } }: Place) =>
      Array.isArray(type) && type.filter((one) => one !== 'null').length > 1;
    expect(placesWhere(isMixed)).toEqual([]);
  });

  it('lets only words be chosen from: a truth or a number that is one of some is a type of its own elsewhere', () => {
    const isOther = (value: unknown) => typeof value !== 'string' && value !== null;
    const isOdd = ({ node }: Place) =>
      'const' in node || (Array.isArray(node.enum) && node.enum.some(isOther));
    expect(placesWhere(isOdd)).toEqual([]);
  });

  it('has a name for whatever is one of several, or open', () => {
    const needsName = ({ node }: Place) =>
      'oneOf' in node || 'anyOf' in node || 'allOf' in node || node.additionalProperties === true;
    expect(placesWhere((place) => needsName(place) && !isNamed(place))).toEqual([]);
  });

  it('has a name for every object in the body of a call', () => {
    const bodies = reachedFrom(operationsOf('paths').map(({ node }) => node.requestBody ?? null));
    const isInBody = ({ at }: Place) =>
      /^\/paths\/.*\/requestBody\//.test(at) ||
      bodies.has(/^\/components\/schemas\/(\w+)\//.exec(at)?.[1] ?? '');
    const isObject = ({ node: { type, properties } }: Place) =>
      [type].flat().includes('object') && isNode(properties);
    expect(placesWhere((place) => isInBody(place) && isObject(place) && !isNamed(place))).toEqual([]);
  });

  it('calls no field required because it has a default: those are said in words', () => {
    const isField = ({ at }: Place) => /\/properties\/[^/]+$/.test(at);
    expect(placesWhere((place) => isField(place) && 'default' in place.node)).toEqual([]);
    const settings = places.find(({ at }) => at === '/components/schemas/WebhookSettings');
    expect(settings?.node.required).toBeUndefined();
    expect(JSON.stringify(settings?.node)).toContain('Default: `15000`.');
  });

  it('demands only bodies that must be there, and no null in the others', () => {
    const rotate = places.find(({ at }) => at === '/components/schemas/Rotation');
    expect(rotate?.node.type).toBe('object');
  });

  it('has valid examples', () => {
    const wrong: string[] = [];
    const check = (at: string, schema: unknown, values: readonly unknown[]) => {
      const validator = Compile({ ...(schema as Node), components: document.components });
      for (const value of values) {
        if (!validator.Check(value)) wrong.push(`${at}: ${JSON.stringify(value).slice(0, 100)}`);
      }
    };
    let count = 0;
    for (const { at, node } of places) {
      const { schema, examples, example } = node;
      const ofMedia = isNode(examples) ? Object.values(examples).map((one) => (one as Node).value) : [];
      const values = [
        ...(Array.isArray(examples) ? examples : ofMedia),
        ...(example === undefined ? [] : [example]),
      ];
      if (values.length === 0 || at.endsWith('/properties')) continue;
      count += values.length;
      check(at, isNode(schema) ? schema : node, values);
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(50);
  });

  it('says where the API is, and of every call what it is', () => {
    expect(document.servers).toMatchObject([{ url: '/' }, { url: 'http://127.0.0.1:8080' }]);
    const silent = [...operationsOf('paths'), ...operationsOf('webhooks')].filter(
      ({ node }) => typeof node.description !== 'string' || node.description === '',
    );
    expect(silent.map(({ at }) => at)).toEqual([]);
  });

  it('names each call once, what endpoints receive included', () => {
    const ids = [...operationsOf('paths'), ...operationsOf('webhooks')].map(({ node }) => node.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names no key of the configuration, which is the business of the operator alone', () => {
    expect(JSON.stringify(document).match(/HOOKWIRE_\w+/g)).toBeNull();
  });

  it('has nothing that only our own checks read', () => {
    expect(places.flatMap(({ node }) => Object.keys(node)).filter((key) => key.startsWith('x-'))).toEqual([]);
  });
});
