import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deliveryColumns } from '../resources/deliveries/as-file/columns.ts';
import { delivery } from '../resources/deliveries/schema.ts';
import { eventColumns } from '../resources/events/as-file/columns.ts';
import { foundEvent } from '../resources/events/search/schema.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/lists-as-files.md'), 'utf8');
const headersOf = (columns: readonly { readonly header: string }[]) => columns.map(({ header }) => header);

/** The names that the guide has in a paragraph. */
function inGuide(of: string): string[] {
  const [, names = ''] = guide.split(`Columns of ${of}: `);
  return [...(names.split('\n\n')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

describe('the columns of a file', () => {
  it.each([
    ['deliveries', deliveryColumns, delivery],
    ['events', eventColumns, foundEvent],
  ] as const)('of %s have every field of the list, and are as the guide says', (name, columns, schema) => {
    const headers = headersOf(columns);
    const fields = headers.map((header) => header.replace(/ \(UTC\)$|\..*$/, ''));
    expect([...new Set(fields)].sort()).toEqual(Object.keys(schema.properties).sort());
    expect(inGuide(name)).toEqual(headers);
  });

  it('say UTC where the list has an instant', () => {
    for (const [columns, { properties }] of [
      [deliveryColumns, delivery],
      [eventColumns, foundEvent],
    ] as const) {
      const instants = Object.entries(properties).filter(
        ([, field]) => Reflect.get(field, 'format') === 'date-time',
      );
      expect(headersOf(columns).filter((header) => header.endsWith('(UTC)'))).toHaveLength(instants.length);
    }
  });
});
