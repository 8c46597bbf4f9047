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
import { filterOf } from '../search/filter.ts';
import { listFilters } from '../search/schema.ts';
import { foundEventView } from '../search/view.ts';
import { eventColumns } from './columns.ts';

const tags = ['Events'];
const query = accountFileQuery(listFilters);
type Asked = Static<typeof query>;

/** The events that a search finds as a file. */
export function routeEventsAsFile(app: App, downloads: Downloads): void {
  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    { accountId, limit, cursor, ...asked }: Asked,
    format: Format,
    separator?: Separator,
  ): Promise<FastifyReply> {
    const { events } = request.reach.of(accountId);
    const filter = filterOf(callerOf(request), asked);
    return downloads.send(request, reply, {
      ...{ name: 'events', format, separator, columns: eventColumns, limit, cursor },
      async page(wanted) {
        const { data, nextCursor } = await events.search(filter, wanted);
        return { data: data.map(foundEventView), nextCursor };
      },
    });
  }

  app.get(
    '/v1/events.csv',
    {
      config: fileConfig,
      schema: {
        operationId: 'findEventsAsCsv',
        summary: 'Have the events of a message as CSV, for spreadsheets',
        description: csvWords(eventColumns),
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
    '/v1/events.ndjson',
    {
      config: fileConfig,
      schema: {
        operationId: 'findEventsAsNdjson',
        summary: 'Have the events of a message as NDJSON, for programs',
        description: ndjsonWords('FoundEvent'),
        tags,
        querystring: query,
        response: { 200: fileAnswer('ndjson') },
      },
    },
    (request, reply) => send(request, reply, request.query, 'ndjson'),
  );
}
