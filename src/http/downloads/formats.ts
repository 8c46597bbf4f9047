/** How a list can be had as a file. */
export const formats = {
  csv: { mediaType: 'text/csv', contentType: 'text/csv; charset=utf-8' },
  ndjson: { mediaType: 'application/x-ndjson', contentType: 'application/x-ndjson; charset=utf-8' },
} as const;

export type FileFormat = keyof typeof formats;

/** What a list is answered as without being asked for another. */
const usual = 'application/json';

interface Wanted {
  readonly type: string;
  /** From 0, not at all, to 1. */
  readonly weight: number;
}

/**
 * The format that an `Accept` header prefers to JSON, by name; `null`: JSON will do.
 *
 * @example `text/csv, application/json;q=0.5`
 */
export function formatAccepted(accept: string | undefined): FileFormat | null {
  if (accept === undefined) return null;
  const wanted = accept.split(',').map(wantedOf);
  const weightOf = (...types: string[]) =>
    types
      .map((type) => wanted.find((one) => one.type === type)?.weight)
      .find((weight) => weight !== undefined) ?? 0;
  const json = weightOf(usual, 'application/*', '*/*');
  const [best] = (['csv', 'ndjson'] as const)
    .map((format) => ({ format, weight: weightOf(formats[format].mediaType) }))
    .sort((a, b) => b.weight - a.weight);
  if (!best || best.weight === 0) return null;
  // Where both are wanted alike, JSON only if it is named.
  const jsonIsNamed = wanted.some(({ type }) => type === usual);
  return best.weight > json || (best.weight === json && !jsonIsNamed) ? best.format : null;
}

function wantedOf(part: string): Wanted {
  const [type = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = given === undefined ? 1 : Number(given.slice(2));
  return { type, weight: Number.isFinite(weight) ? weight : 0 };
}
