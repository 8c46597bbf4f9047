import { apiError, callHeaders } from './client.ts';
import { ApiError, unreachable } from './problem.ts';

/** A call that the generated client does not know. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { ...callHeaders(), ...(body !== undefined && { 'content-type': 'application/json' }) };
  const response = await fetch(path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiError(unreachable);
  });
  if (!response.ok) throw await apiError(response);
  return response.status === 204 ? (undefined as T) : await response.json();
}
