import { join } from 'node:path';
import { afterAll } from 'vitest';
import { configurationConformance } from '../../conformance/configuration.ts';
import { changeWholeConfiguration, readWholeConfiguration } from '../configuration/configuration.ts';
import { openSqliteDirectory } from '../open.ts';
import { createPlaces } from '../testing/places.ts';
import { storeCipher } from '../testing/store-cipher.ts';

const places = createPlaces();
afterAll(() => places.remove());

configurationConformance('SQLite', async (place, clock) => {
  const dataDir = places.dataDir(place);
  const file = join(dataDir, 'hookwire.db');
  return {
    ...(await openSqliteDirectory({ dataDir, cipher: storeCipher, clock })),
    read: () => readWholeConfiguration(file, storeCipher),
    change: (now, decide) => changeWholeConfiguration(file, storeCipher, now, decide),
  };
});
