import { type SqlBool, sql } from 'kysely';
import type { Directory } from '../../ports/directory.ts';
import type { DirectoryStore } from './directory-store.ts';

/** Which breakers are open: a few rows that change often, apart from the webhooks. */
export function createOpenBreakers({
  db,
  words,
}: DirectoryStore): Pick<Directory, 'loadOpenBreakers' | 'saveBreakers'> {
  return {
    async loadOpenBreakers() {
      const rows = await db
        .selectFrom('open_breakers')
        .innerJoin('webhooks', 'webhooks.id', 'open_breakers.webhook_id')
        .select(['open_breakers.webhook_id', 'open_breakers.until', 'open_breakers.trips'])
        .where('webhooks.deleted_at', 'is', null)
        .execute();
      return rows.map(({ webhook_id: webhookId, until, trips }) => ({ webhookId, until, trips }));
    },

    async saveBreakers({ opened, closed }) {
      if (opened.length > 0)
        await db
          .insertInto('open_breakers')
          .columns(['webhook_id', 'until', 'trips'])
          .expression(
            db
              .selectFrom(words.objects(opened))
              .select([
                sql<string>`value ->> 'webhookId'`.as('webhook_id'),
                sql<number>`cast(value ->> 'until' as bigint)`.as('until'),
                sql<number>`cast(value ->> 'trips' as integer)`.as('trips'),
              ])
              .where(sql<SqlBool>`true`),
          )
          .onConflict((conflict) =>
            conflict
              .column('webhook_id')
              .doUpdateSet(({ ref }) => ({ until: ref('excluded.until'), trips: ref('excluded.trips') })),
          )
          .execute();
      if (closed.length > 0)
        await db
          .deleteFrom('open_breakers')
          .where('webhook_id', 'in', db.selectFrom(words.texts(closed)).select('value'))
          .execute();
    },
  };
}
