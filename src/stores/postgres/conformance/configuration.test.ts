import { afterAll } from 'vitest';
import { configurationConformance } from '../../conformance/configuration.ts';
import { changeWholeConfiguration, readWholeConfiguration } from '../configuration/configuration.ts';
import { createOrdinaryPlaces, storeCipher } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

configurationConformance('PostgreSQL', async (place, clock) => {
  const store = await places.open(place, clock);
  return {
    ...store,
    read: () => readWholeConfiguration(store.pool, storeCipher),
    change: (now, decide) => changeWholeConfiguration(store.pool, storeCipher, now, decide),
  };
});
