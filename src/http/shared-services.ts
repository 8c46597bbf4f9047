import type { Account } from '../stores/ports/directory.ts';
import type { Caller } from './callers/caller.ts';
import type { Services } from './services.ts';

/** What routes may use whoever calls. What belongs to accounts they get by `request.reach`. */
export type SharedServices = Pick<
  Services,
  'clock' | 'version' | 'senders' | 'urlGuard' | 'createSecret' | 'overview' | 'readiness' | 'metrics'
> & {
  readonly limits: Pick<Services['limits'], 'ofAll'>;
  readonly keep: Omit<Services['keep'], 'of'>;
  readonly trial: Pick<Services['trial'], 'preview'>;
};

/** What signing in and out needs, where nobody calls yet: people as such, whatever accounts they belong to. */
export type SignInServices = Pick<Services, 'clock'> & {
  readonly people: Omit<Services['people'], 'manage'>;
  readonly portalLinks: Pick<Services['portalLinks'], 'enter' | 'find'>;
  readonly audit: Pick<Services['audit'], 'write' | 'count'>;
  /** `null`: an operator's, or it was deleted. */
  accountOf(caller: Caller): Promise<Account | null>;
};
