import { catalogView } from '../../../src/http/resources/catalog/view.ts';
import type { Catalog } from '../api/catalog.ts';

/** What the gateway answers to `GET /v1/catalog`. */
export const catalog = JSON.parse(JSON.stringify(catalogView())) as Catalog;
