import { afterAll } from 'vitest';
import { describeManyWebhooks } from '../../conformance/history/many-webhooks.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

describeManyWebhooks('SQLite', places.open, 70);
