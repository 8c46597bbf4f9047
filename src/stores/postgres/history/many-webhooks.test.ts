import { afterAll } from 'vitest';
import { describeManyWebhooks } from '../../conformance/history/many-webhooks.ts';
import { createLogPlaces } from '../testing/log-places.ts';

const places = createLogPlaces();
afterAll(() => places.remove());

describeManyWebhooks('PostgreSQL', places.open, 220);
