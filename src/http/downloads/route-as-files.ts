import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TObject, TProperties } from 'typebox';
import type { Page, PageRequest } from '../../stores/ports/page.ts';
import type { App } from '../app-types.ts';
import { accountFileQuery } from '../shapes/schema.ts';
import type { Column, Separator } from './csv.ts';
import { csvWords, fileAnswer, fileConfig, ndjsonWords, separatorQuery } from './describe-file.ts';
import type { Downloads } from './downloads.ts';
import type { FileFormat } from './formats.ts';

/** A list of an account's things that can be had as files too: `/v1/<name>.csv` and `.ndjson`. */
export interface ListWithFiles<F extends TProperties, T extends object> {
  /** The path's; the files are named so too. */
  readonly name: string;
  readonly tags: readonly string[];
  /** `listDeliveries`: the operations are `listDeliveriesAsCsv` and `listDeliveriesAsNdjson`. */
  readonly operationId: string;
  /** `the deliveries`. */
  readonly what: string;
  /** The component of the documents that an item is. */
  readonly component: string;
  readonly columns: readonly Column<T>[];
  /** What the list is narrowed by, beside the account. */
  readonly filters: F;
  /** The list as the caller may read it, a page at a time. */
  pages(
    request: FastifyRequest,
    accountId: string | undefined,
    asked: Static<TObject<F>>,
  ): (page: PageRequest) => Promise<Page<T>>;
}

/** What of a query is not one of the list's filters. */
interface FileQuery {
  readonly accountId?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly separator?: Separator;
}

/** Gives a list as CSV and as NDJSON. */
export function routeAsFiles<F extends TProperties, T extends object>(
  app: App,
  downloads: Downloads,
  list: ListWithFiles<F, T>,
): void {
  const { name, tags, operationId, what, columns, filters } = list;

  function send(request: FastifyRequest, reply: FastifyReply, format: FileFormat): Promise<FastifyReply> {
    const { accountId, limit, cursor, separator, ...asked } = request.query as FileQuery;
    return downloads.send(request, reply, {
      ...{ name, format, separator, columns, limit, cursor },
      page: list.pages(request, accountId, asked as Static<TObject<F>>),
    });
  }

  app.get(
    `/v1/${name}.csv`,
    {
      config: fileConfig,
      schema: {
        operationId: `${operationId}AsCsv`,
        summary: `Have ${what} as CSV, for spreadsheets`,
        description: csvWords(columns),
        tags,
        querystring: accountFileQuery({ ...separatorQuery, ...filters }),
        response: { 200: fileAnswer('csv') },
      },
    },
    (request, reply) => send(request, reply, 'csv'),
  );

  app.get(
    `/v1/${name}.ndjson`,
    {
      config: fileConfig,
      schema: {
        operationId: `${operationId}AsNdjson`,
        summary: `Have ${what} as NDJSON, for programs`,
        description: ndjsonWords(list.component),
        tags,
        querystring: accountFileQuery(filters),
        response: { 200: fileAnswer('ndjson') },
      },
    },
    (request, reply) => send(request, reply, 'ndjson'),
  );
}
