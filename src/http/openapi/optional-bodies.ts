type Node = Record<string, unknown>;

/** Fastify's plugin calls every body required; one whose schema allows `null` is not. */
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
    visited[key] = key === 'requestBody' && mayBeAbsent(part) ? { ...part, required: false } : visit(part);
  }
  return visited;
}

function mayBeAbsent(body: unknown): body is Node {
  const schema = at(at(at(body, 'content'), 'application/json'), 'schema');
  const types = at(schema, 'type');
  return Array.isArray(types) && types.includes('null');
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
