import type { Node } from './node.ts';

/**
 * Fastify's plugin calls every body required; one whose schema allows `null` is not. Being left out is all that its
 * `null` means, so the schema loses it.
 */
export function optionalBodies(document: object): Node {
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [key, key === 'paths' ? visit(value) : value]),
  );
}

function visit(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visit);
  if (typeof value !== 'object' || value === null) return value;
  const visited: Node = {};
  for (const [key, part] of Object.entries(value)) {
    visited[key] = key === 'requestBody' && mayBeAbsent(part) ? withoutNull(part) : visit(part);
  }
  return visited;
}

const json = 'application/json';

function schemaOf(body: unknown): unknown {
  return at(at(at(body, 'content'), json), 'schema');
}

function mayBeAbsent(body: unknown): body is Node {
  const types = at(schemaOf(body), 'type');
  return Array.isArray(types) && types.includes('null');
}

function withoutNull(body: Node): Node {
  const schema = schemaOf(body) as Node & { type: readonly string[] };
  const others = schema.type.filter((type) => type !== 'null');
  const type = others.length === 1 ? others[0] : others;
  return { ...body, required: false, content: { [json]: { schema: { ...schema, type } } } };
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
