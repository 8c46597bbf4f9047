import type { Directory } from '../../ports/directory.ts';
import type { DirectoryStore } from './directory-store.ts';

/** Which breakers are open: a few rows that change often, apart from the webhooks. */
export function createOpenBreakers({
  db,
  desk,
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
        await desk.query(
          `insert or replace into open_breakers (webhook_id, until, trips)
           select value ->> 'webhookId', value ->> 'until', value ->> 'trips' from json_each(?)`,
          [JSON.stringify(opened)],
        );
      if (closed.length > 0)
        await desk.query('delete from open_breakers where webhook_id in (select value from json_each(?))', [
          JSON.stringify(closed),
        ]);
    },
  };
}
