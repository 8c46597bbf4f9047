import type { TSchema } from 'typebox';

/** As JSON writes a whole number. One of more digits than a number holds exactly stays text. */
const wholeNumber = /^-?(?:0|[1-9]\d{0,15})$/;

/**
 * Reads the numbers of a query or a path, which are all text: `limit=50`. Only digits are a number: not `0x10`, not
 * `true`, not ` 50`, not `5e1`. Any other text stays, for the schema to refuse.
 */
export function readNumbers(
  schema: TSchema,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { properties }: { readonly properties?: Readonly<Record<string, { readonly type?: unknown }>> } =
    schema;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const isNumber = properties && Object.hasOwn(properties, name) && properties[name]?.type === 'integer';
      if (!isNumber || typeof value !== 'string' || !wholeNumber.test(value)) return [name, value];
      return [name, Number.isSafeInteger(Number(value)) ? Number(value) : value];
    }),
  );
}
