/** How much of a database file says what it is (https://sqlite.org/fileformat2.html#the_database_header). */
export const headerBytes = 100;

const magic = 'SQLite format 3\0';
const pageSizeAt = 16;
const writeVersionAt = 18;
const readVersionAt = 19;
const singleFile = 1;

export function isSqliteHeader(header: Buffer): boolean {
  return header.length === headerBytes && header.toString('latin1', 0, magic.length) === magic;
}

/** @param header of a database that has at least one page */
export function readPageSize(header: Buffer): number {
  const size = header.readUInt16BE(pageSizeAt);
  return size === 1 ? 65_536 : size;
}

/** The first page of a database as it is without a write-ahead log: the file alone is the database, and can be read only. */
export function asSingleFile(firstPage: Buffer): Buffer {
  const page = Buffer.from(firstPage);
  page[writeVersionAt] = singleFile;
  page[readVersionAt] = singleFile;
  return page;
}
