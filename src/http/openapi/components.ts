import { isNode, type Node } from './node.ts';

/**
 * Moves every schema that is marked with `x-component` to `#/components/schemas/<name>` and refers to it there. The
 * schemas stand whole in the routes, where they are checked with; names are for readers and generated clients.
 */
export function nameComponents(document: Node): Node {
  const schemas: Node = {};
  const named = replace(document, schemas) as Node;
  const components = isNode(named.components) ? named.components : {};
  const inOrder = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => a.localeCompare(b)));
  return { ...named, components: { ...components, schemas: inOrder } };
}

function replace(value: unknown, schemas: Node): unknown {
  if (Array.isArray(value)) return value.map((item) => replace(item, schemas));
  if (!isNode(value)) return value;
  const { 'x-component': name, ...rest } = value;
  const replaced = Object.fromEntries(
    Object.entries(rest)
      .filter(([key]) => key !== 'x-shape' && key !== 'x-is-instant')
      .map(([key, part]) => [key, replace(part, schemas)]),
  );
  if (typeof name !== 'string') return replaced;
  schemas[name] ??= replaced;
  return { $ref: `#/components/schemas/${name}` };
}
