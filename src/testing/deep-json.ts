/** One level of each shape around what is inside; `JSON.stringify` and structured clones end at different depths of each. */
export const deepShapes = {
  lists: ['[', ']'],
  objects: ['{"a":', '}'],
  numbered: ['{"1":', '}'],
  mixed: ['[{"1":', '}]'],
  wide: ['{"a":1.5,"b":"é","c":[1,null],"d":', '}'],
} as const satisfies Record<string, readonly [string, string]>;

/** JSON text that is nested so deep. */
export function nested(shape: keyof typeof deepShapes, depth: number, inside = '"919812345678"'): string {
  const [open, close] = deepShapes[shape];
  return open.repeat(depth) + inside + close.repeat(depth);
}
