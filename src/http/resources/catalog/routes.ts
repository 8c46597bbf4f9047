import { scopes } from '../../../core/scopes.ts';
import type { App } from '../../app-types.ts';
import { catalog } from './schema.ts';
import { catalogView } from './view.ts';

/** What a form for webhooks is made of. */
export function routeCatalog(app: App): void {
  const answer = catalogView();
  app.get(
    '/v1/catalog',
    {
      config: { access: scopes },
      schema: {
        operationId: 'getCatalog',
        summary: 'Get what webhooks are made of',
        description:
          'Products with their report types, fields and sample events; methods; defaults and limits of the settings; ' +
          'error classes with what to do about each. The same for every caller.',
        tags: ['Webhooks'],
        response: { 200: catalog },
      },
    },
    async () => answer,
  );
}
