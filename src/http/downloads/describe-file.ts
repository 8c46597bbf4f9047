import type { FastifyContextConfig } from 'fastify';
import Type from 'typebox';
import { word } from '../shapes/schema.ts';
import type { Column, Separator } from './csv.ts';
import { type FileFormat, formats } from './formats.ts';

/** What routes of files have alike. */
export const fileConfig: FastifyContextConfig = {
  access: 'deliveries:read',
  // Each of its pages does.
  takesTurns: false,
  notKept: true,
  errors: ['slow_down'],
};

/** Of CSV. */
export const separatorQuery = {
  separator: Type.Optional(
    word<Separator>(['comma', 'semicolon'], {
      description:
        'What stands between the fields: `comma` (the default), or `semicolon` for Excel where numbers have a decimal comma, as in Germany.',
    }),
  ),
};

/** The answer of a list as a file, for the documents. */
export function fileAnswer(format: FileFormat): object {
  return {
    description: 'The file, as it is read: a connection that is cut means that it is not whole.',
    content: { [formats[format].mediaType]: { schema: Type.String() } },
  };
}

const asOne =
  'The whole list in one answer that is sent while it is read, newest first, with the filters and masks of the list. ' +
  'Where it cannot be finished the connection is cut, so that a part never passes for the whole. Of an account 4 files ' +
  'may be under way at once.';

/** What a list as CSV is. */
export function csvWords(columns: readonly Pick<Column<never>, 'header'>[]): string {
  const names = columns.map(({ header }) => `\`${header}\``).join(', ');
  return `${asOne}

RFC 4180 with CRLF, in UTF-8 with a byte order mark. The first row names the columns: ${names}. Their order stays; new ones come last. Instants are ISO 8601 in UTC. What is not known is empty.

Texts stand in quotes. An apostrophe stands before what a spreadsheet would run as a formula, or write as another number or a date (\`'919812345678\`, \`'000\`), also behind a separator within a text; a text that has one there itself has two. Programs had better take NDJSON.`;
}

/** What a list as NDJSON is. @param item the component that a line is */
export function ndjsonWords(item: string): string {
  return `${asOne}

Each line is a \`${item}\` as the list has it.`;
}
