import type { Node } from './node.ts';

/** Says of every query parameter that it may be there without a value, as `?from=`, which counts as left out. */
export function allowEmptyValues(document: object): Node {
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [key, key === 'paths' ? visit(value) : value]),
  );
}

function visit(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visit);
  if (typeof value !== 'object' || value === null) return value;
  const visited = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visit(part)]));
  return visited.in === 'query' && 'schema' in visited ? { ...visited, allowEmptyValue: true } : visited;
}
