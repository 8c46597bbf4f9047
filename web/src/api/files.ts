import { apiError, callHeaders } from './client.ts';
import type { DeliveryFilters } from './deliveries.ts';
import type { EventIdName } from './events.ts';
import { ApiError, brokenOff, type Problem, unreachable } from './problem.ts';

/** A list that can be had whole, and what it is narrowed by. */
export type ListOfFile =
  | { readonly of: 'deliveries'; readonly query: DeliveryFilters & { readonly accountId: string } }
  | {
      readonly of: 'events';
      readonly query: { readonly accountId: string } & { readonly [N in EventIdName]?: string };
    };

export interface FileFormat {
  readonly ending: 'csv' | 'ndjson';
  /** Of CSV. */
  readonly separator?: 'comma' | 'semicolon';
}

export interface ListFile {
  readonly name: string;
  readonly content: Blob;
}

/**
 * The list as a file. Over `fetch`: a link cannot send headers, by which who came by a portal link is known.
 * @throws ApiError also where the file breaks off: a part of it is not given
 */
export async function listFile(
  { of, query }: ListOfFile,
  { ending, separator }: FileFormat,
  signal: AbortSignal,
): Promise<ListFile> {
  const given = Object.entries({ ...query, ...(separator && { separator }) });
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const asked = fetch(`/v1/${of}.${ending}?${search}`, { headers: callHeaders(), signal });
  const response = await orProblem(asked, unreachable);
  if (!response.ok) throw await apiError(response);
  const content = await orProblem(response.blob(), brokenOff);
  return { name: nameOf(response) ?? `${of}.${ending}`, content };
}

/** What comes, or why it does not, unless somebody has stopped it. */
async function orProblem<T>(coming: Promise<T>, problem: Problem): Promise<T> {
  try {
    return await coming;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(problem);
  }
}

function nameOf({ headers }: Response): string | null {
  return /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? null;
}
