import { afterAll, beforeAll } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { deletedWebhooksConformance } from '../../conformance/deleted-webhooks.ts';
import { directoryConformance } from '../../conformance/directory.ts';
import { keptAnswersConformance } from '../../conformance/kept-answers.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
let store: Awaited<ReturnType<typeof places.open>>;
beforeAll(async () => {
  store = await places.open('directory', createManualClock());
});
afterAll(async () => {
  await store.close();
  await places.remove();
});

/** One database for all: emptying its tables takes less than making another. */
async function openEmpty() {
  await store.pool.query(`truncate accounts, api_keys, senders, webhooks, webhook_versions, webhook_secrets,
    open_breakers, kept_answers, members, tasks`);
  return { directory: store.directory, dispose: async () => {} };
}

directoryConformance('PostgreSQL', openEmpty);
deletedWebhooksConformance('PostgreSQL', openEmpty);
keptAnswersConformance('PostgreSQL', openEmpty);
