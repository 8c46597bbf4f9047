import type { Column } from './csv.ts';

type Cell = string | number | null;
type NamesOf<T, V> = { readonly [K in keyof T]: T[K] extends V ? K : never }[keyof T] & string;

/** Columns of the fields of an item, under the names that they have in its list. */
export function columnsOf<T extends object>() {
  return {
    /** Texts of others, and ids. */
    text: (name: NamesOf<T, string | null>): Column<T> => ({
      header: name,
      of: (item) => item[name] as Cell,
    }),
    number: (name: NamesOf<T, number | null>): Column<T> => ({
      header: name,
      of: (item) => item[name] as Cell,
    }),
    instant: (name: NamesOf<T, string | null>): Column<T> => ({
      header: `${name} (UTC)`,
      of: (item) => item[name] as Cell,
      isPlain: true,
    }),
  };
}
