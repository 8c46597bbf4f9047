/**
 * Channels of NOTIFY are a database's. Hookwire's begin with what stands for its schema, so that two may live in one database; a
 * name has 63 bytes at most.
 *
 * In SQL, for a statement on any connection: what all of them begin with. By SHA-256, since MD5 is refused where FIPS is in force.
 */
export const channelBeginning =
  "'hookwire_' || left(encode(sha256(convert_to(coalesce(current_schema(), ''), 'UTF8')), 'hex'), 8)";

/** Heard by all processes. */
export const toAll = '_all';
/** What triggers say of the configuration (migrations/010-configuration-news.ts). */
export const ofConfiguration = '_configuration';

/** Heard by one process. */
export function toProcess(id: string): string {
  if (!/^[\w-]{1,40}$/.test(id)) throw new RangeError(`No process has the id ${JSON.stringify(id)}.`);
  return `_to_${id}`;
}
