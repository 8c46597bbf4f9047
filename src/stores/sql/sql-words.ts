import type { AliasedRawBuilder, RawBuilder, SqlBool } from 'kysely';

/** The few things that SQLite and PostgreSQL say in different words, named by what they mean. */
export interface SqlWords {
  /** A table of these texts, which are one parameter. */
  texts(list: readonly string[]): AliasedRawBuilder<{ value: string }, 'texts'>;
  /** A table of these objects, which are one parameter; `value ->> 'name'` is a member as text. */
  objects(list: readonly object[]): AliasedRawBuilder<{ value: unknown }, 'objects'>;
  /** A table of the objects in an array: that is the member `name` of a column's JSON object. */
  items(column: string, name: string): AliasedRawBuilder<{ value: unknown }, 'items'>;
  /** Whether a column has this text in it, byte by byte. */
  contains(column: string, text: string): RawBuilder<SqlBool>;
  /** A column's flat JSON object with these members in place of its own; one that is null goes away (RFC 7396). */
  patched(column: string, members: object): RawBuilder<string>;
}
