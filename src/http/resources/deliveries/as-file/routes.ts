import { type App, callerOf } from '../../../app-types.ts';
import type { Downloads } from '../../../downloads/downloads.ts';
import { routeAsFiles } from '../../../downloads/route-as-files.ts';
import { filterOf } from '../filter.ts';
import { listFilters } from '../schema.ts';
import { deliveryView } from '../view.ts';
import { deliveryColumns } from './columns.ts';

/** The list of deliveries as a file. */
export function routeDeliveriesAsFile(app: App, downloads: Downloads): void {
  routeAsFiles(app, downloads, {
    name: 'deliveries',
    tags: ['Deliveries'],
    operationId: 'listDeliveries',
    what: 'the deliveries',
    component: 'Delivery',
    columns: deliveryColumns,
    filters: listFilters,
    pages(request, accountId, asked) {
      const { deliveries } = request.reach.of(accountId);
      const filter = filterOf(callerOf(request), asked);
      return async (page) => {
        const { data, nextCursor } = await deliveries.list(filter, page);
        return { data: data.map(deliveryView), nextCursor };
      };
    },
  });
}
