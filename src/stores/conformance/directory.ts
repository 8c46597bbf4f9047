import { afterEach, beforeEach, describe } from 'vitest';
import type { Directory } from '../ports/directory.ts';
import { describeAccounts } from './directory/accounts.ts';
import { describeKeys } from './directory/keys.ts';
import { describeLists } from './directory/lists.ts';
import { at } from './directory/samples.ts';
import { describeSenders } from './directory/senders.ts';
import { describeSigningSecrets } from './directory/signing-secrets.ts';
import { describeWebhookLists } from './directory/webhook-lists.ts';
import { describeWebhookStatus } from './directory/webhook-status.ts';
import { describeWebhooks } from './directory/webhooks.ts';

/** An empty directory of the store under test. */
export interface OpenDirectory {
  readonly directory: Directory;
  readonly dispose: () => Promise<void>;
}

/** What every store's directory does. */
export function directoryConformance(name: string, open: () => Promise<OpenDirectory>): void {
  describe(`${name}: directory`, () => {
    let directory: Directory;
    let dispose: () => Promise<void>;

    beforeEach(async () => {
      ({ directory, dispose } = await open());
      await directory.createAccount({ id: 'acc_1', name: 'Asha Retail', createdAt: at });
      await directory.createAccount({ id: 'acc_2', name: 'Bolt', createdAt: at + 1 });
    });
    afterEach(() => dispose());

    describeAccounts(() => directory);
    describeLists(() => directory);
    describeKeys(() => directory);
    describeSenders(() => directory);
    describeWebhooks(() => directory);
    describeWebhookStatus(() => directory);
    describeWebhookLists(() => directory);
    describeSigningSecrets(() => directory);
  });
}
