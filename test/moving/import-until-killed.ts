import { randomId } from '../../src/core/ids.ts';
import { noOwnKeep } from '../../src/core/keeping.ts';
import type { Account } from '../../src/stores/ports/directory.ts';
import { createCipher } from '../../src/stores/secrets/cipher.ts';
import { changeWholeConfiguration } from '../../src/stores/sqlite/configuration/configuration.ts';
import { testWebhook } from '../../src/testing/factories.ts';

/** A program for the hard-stop test: writes a configuration, and kills itself when most of it is written. */
const [file = '', masterKey = ''] = process.argv.slice(2);
const account: Account = { id: 'acme', name: 'Acme', createdAt: 1, limits: {}, keep: noOwnKeep };
const webhooks = Array.from({ length: 2_000 }, () => ({
  webhook: testWebhook({ id: randomId('wh'), accountId: 'acme' }),
  secrets: [{ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', expiresAt: null }],
}));
function endsTheProcess(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('This is not reached.');
}

changeWholeConfiguration(file, createCipher(masterKey), 1, () => ({
  changes: {
    made: { accounts: [account], senders: [], keys: [], webhooks },
    changed: {
      accounts: [],
      senders: [],
      keys: [],
      // Asked for when everything new is written.
      webhooks: { [Symbol.iterator]: endsTheProcess } as unknown as [],
    },
  },
  result: null,
}));
