import { isNode, type Node } from './node.ts';

/**
 * Says a field's default in its description. As `default` it makes generators call the field required: they take it for
 * what an answer always has. Parameters, which say themselves whether they are required, keep theirs.
 */
export function defaultsInWords(document: object): Node {
  return visit(document) as Node;
}

function visit(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visit);
  if (!isNode(value)) return value;
  const visited: Node = {};
  for (const [key, part] of Object.entries(value)) {
    visited[key] = key === 'properties' && isNode(part) ? fieldsOf(part) : visit(part);
  }
  return visited;
}

function fieldsOf(properties: Node): Node {
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, inWords(visit(field))]));
}

function inWords(field: unknown): unknown {
  if (!isNode(field) || !('default' in field)) return field;
  const { default: usual, description, ...rest } = field;
  const words = `Default: \`${typeof usual === 'string' ? usual : JSON.stringify(usual)}\`.`;
  return { ...rest, description: typeof description === 'string' ? `${description} ${words}` : words };
}
