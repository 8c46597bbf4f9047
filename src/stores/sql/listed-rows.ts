/** Bytes of one page, as JSON. 500 deliveries have some 250 kB, of the longest values 2 MB. */
export const mostPageBytes = 1024 * 1024;

/** Rows of a list in its order. */
export interface ListedRows<T> {
  readonly rows: readonly T[];
  /** They were too large to be given all; at least one is. */
  readonly cut: boolean;
}

/** About as many bytes as a row has as JSON. */
export function bytesOf(row: object): number {
  let bytes = 0;
  for (const value of Object.values(row)) bytes += typeof value === 'string' ? value.length + 20 : 30;
  return bytes;
}
