import { afterAll } from 'vitest';
import { portalLinksConformance } from '../../conformance/portal-links.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

portalLinksConformance('PostgreSQL', places.open);
