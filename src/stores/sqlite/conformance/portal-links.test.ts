import { afterAll } from 'vitest';
import { portalLinksConformance } from '../../conformance/portal-links.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

portalLinksConformance('SQLite', places.open);
