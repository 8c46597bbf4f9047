import { afterAll } from 'vitest';
import { changedKeepConformance } from '../../conformance/changed-keep.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

changedKeepConformance('SQLite', places.open);
