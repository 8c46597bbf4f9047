import { HookwireError } from '../../core/errors.ts';
import { type Authenticator, type RouteAccess, requireAccess } from './auth.ts';
import type { Caller } from './caller.ts';
import type { Credentials } from './credentials.ts';

/**
 * Whether somebody may still see what they see, while an answer takes long; one whose role has become another comes
 * again.
 */
export async function mayStill(
  authenticator: Pick<Authenticator, 'authenticate'>,
  access: Exclude<RouteAccess, 'public'>,
  credentials: Credentials,
  before: Caller,
): Promise<boolean> {
  try {
    const { caller } = await authenticator.authenticate(credentials, false);
    requireAccess(caller, access);
    return caller.accountId === before.accountId && caller.masksNumbers === before.masksNumbers;
  } catch (error) {
    // A store that cannot answer right now revokes nothing.
    return !(error instanceof HookwireError);
  }
}
