import { type App, callerOf } from '../../../app-types.ts';
import type { Downloads } from '../../../downloads/downloads.ts';
import { routeAsFiles } from '../../../downloads/route-as-files.ts';
import { filterOf } from '../search/filter.ts';
import { listFilters } from '../search/schema.ts';
import { foundEventView } from '../search/view.ts';
import { eventColumns } from './columns.ts';

/** The events that a search finds as a file. */
export function routeEventsAsFile(app: App, downloads: Downloads): void {
  routeAsFiles(app, downloads, {
    name: 'events',
    tags: ['Events'],
    operationId: 'findEvents',
    what: 'the events of a message',
    component: 'FoundEvent',
    columns: eventColumns,
    filters: listFilters,
    pages(request, accountId, asked) {
      const { events } = request.reach.of(accountId);
      const filter = filterOf(callerOf(request), asked);
      return async (page) => {
        const { data, nextCursor } = await events.search(filter, page);
        return { data: data.map(foundEventView), nextCursor };
      };
    },
  });
}
