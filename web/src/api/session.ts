import type { Session } from '../session/session.ts';
import { apiError, callHeaders } from './client.ts';

export async function getSession(): Promise<Session> {
  const response = await fetch('/v1/session', { headers: callHeaders() });
  if (!response.ok) throw await apiError(response);
  return await response.json();
}

export async function endSession(): Promise<void> {
  await fetch('/v1/session', { method: 'DELETE', headers: callHeaders() });
}
