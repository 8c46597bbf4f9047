import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { type App, callerOf } from '../../../app-types.ts';
import type { Separator } from '../../../downloads/csv.ts';
import {
  csvWords,
  fileAnswer,
  fileConfig,
  ndjsonWords,
  separatorQuery,
} from '../../../downloads/describe-file.ts';
import type { Downloads } from '../../../downloads/downloads.ts';
import type { Format } from '../../../downloads/formats.ts';
import { accountFileQuery } from '../../../shapes/schema.ts';
import { filterOf } from '../filter.ts';
import { listFilters } from '../schema.ts';
import { deliveryView } from '../view.ts';
import { deliveryColumns } from './columns.ts';

const tags = ['Deliveries'];
const query = accountFileQuery(listFilters);
type Asked = Static<typeof query>;

/** The list of deliveries as a file. */
export function routeDeliveriesAsFile(app: App, downloads: Downloads): void {
  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    { accountId, limit, cursor, ...asked }: Asked,
    format: Format,
    separator?: Separator,
  ): Promise<FastifyReply> {
    const { deliveries } = request.reach.of(accountId);
    const filter = filterOf(callerOf(request), asked);
    return downloads.send(request, reply, {
      ...{ name: 'deliveries', format, separator, columns: deliveryColumns, limit, cursor },
      async page(wanted) {
        const { data, nextCursor } = await deliveries.list(filter, wanted);
        return { data: data.map(deliveryView), nextCursor };
      },
    });
  }

  app.get(
    '/v1/deliveries.csv',
    {
      config: fileConfig,
      schema: {
        operationId: 'listDeliveriesAsCsv',
        summary: 'Have the deliveries as CSV, for spreadsheets',
        description: csvWords(deliveryColumns),
        tags,
        querystring: accountFileQuery({ ...separatorQuery, ...listFilters }),
        response: { 200: fileAnswer('csv') },
      },
    },
    (request, reply) => {
      const { separator, ...asked } = request.query;
      return send(request, reply, asked, 'csv', separator);
    },
  );

  app.get(
    '/v1/deliveries.ndjson',
    {
      config: fileConfig,
      schema: {
        operationId: 'listDeliveriesAsNdjson',
        summary: 'Have the deliveries as NDJSON, for programs',
        description: ndjsonWords('Delivery'),
        tags,
        querystring: query,
        response: { 200: fileAnswer('ndjson') },
      },
    },
    (request, reply) => send(request, reply, request.query, 'ndjson'),
  );
}
