import { type Selectable, sql } from 'kysely';
import type { ErasedKind, Erasure, ErasureCounts, ErasurePlace, ErasureStore } from '../../ports/erasures.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { afterCursor, rowsFor, toPage } from '../pages.ts';
import { openGatewaySecret, sealGatewaySecret } from '../sealing/gateway-secrets.ts';
import type { SqlDatabase } from '../sql-database.ts';
import type { TaskTables } from './tables.ts';

/** The tasks that erase, and whose accounts they are about; what erases is each store's own. */
export type SqlErasures = Pick<
  ErasureStore,
  'create' | 'save' | 'get' | 'list' | 'unfinished' | 'deletedWithoutTask' | 'webhooksOf'
>;

interface ErasureRow extends Selectable<TaskTables['erasures']> {
  /** `kind=count …` */
  readonly counts: string | null;
  readonly sealed: string | null;
}

const counts = sql<
  string | null
>`(select string_agg(kind || '=' || count, ' ') from erasure_counts where erasure = erasures.id)`;
const sealed = sql<
  string | null
>`(select sealed from gateway_secrets where name = 'erasure/' || erasures.id)`;

/** Of an account that is deleted nobody is shown anything, while it is being removed. */
const ofLiveAccount = sql<boolean>`(account_id is null or account_id not in
  (select id from accounts where deleted_at is not null))`;

export function createSqlErasures({ db, applyIf, listRows }: SqlDatabase, cipher: Cipher): SqlErasures {
  const shown = db.selectFrom('erasures').selectAll().select(counts.as('counts')).select(sealed.as('sealed'));
  const always = db.selectNoFrom(sql`1`.as('one'));

  function toErasure(row: ErasureRow): Erasure {
    const { id, kind, waiting, state } = row;
    return {
      ...{ id, kind, waiting, state },
      accountId: row.account_id,
      deletedAccountId: row.deleted_account_id,
      sought: row.sealed === null ? null : JSON.parse(openGatewaySecret(row.sealed, secretOf(id), cipher)),
      by: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
      createdAt: row.created_at,
      finishedAt: row.finished_at,
      place: row.place === null ? null : (JSON.parse(row.place) as ErasurePlace),
      counts: toCounts(row.counts),
    };
  }

  return {
    async create(erasure) {
      const { id, sought, by } = erasure;
      const insert = db.insertInto('erasures').values({
        id,
        kind: erasure.kind,
        account_id: erasure.accountId,
        deleted_account_id: erasure.deletedAccountId,
        waiting: erasure.waiting,
        ...{ actor_kind: by.kind, actor_id: by.id, actor_name: by.name },
        state: erasure.state,
        place: erasure.place && JSON.stringify(erasure.place),
        created_at: erasure.createdAt,
        finished_at: erasure.finishedAt,
      });
      if (!sought) {
        await insert.execute();
        return;
      }
      const text = sealGatewaySecret(JSON.stringify(sought), secretOf(id), cipher);
      const keep = db.insertInto('gateway_secrets').values({ name: secretOf(id), sealed: text });
      await applyIf(always, [insert, keep]);
    },
    async save({ id, state, place, finishedAt }) {
      const values = { state, place: place && JSON.stringify(place), finished_at: finishedAt };
      const change = db.updateTable('erasures').set(values).where('id', '=', id);
      if (finishedAt === null) await change.execute();
      else await applyIf(always, [change, db.deleteFrom('gateway_secrets').where('name', '=', secretOf(id))]);
    },
    async get(id) {
      const row = await shown.where('id', '=', id).where(ofLiveAccount).executeTakeFirst();
      return row ? toErasure(row) : null;
    },
    async list({ accountId }, page) {
      let query = shown
        .where(ofLiveAccount)
        .where(afterCursor('erasures', page))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(rowsFor(page));
      if (accountId !== null) query = query.where('account_id', '=', accountId);
      return toPage(await listRows(accountId, query), page, toErasure);
    },
    async unfinished() {
      const rows = await shown.where('finished_at', 'is', null).orderBy('created_at').orderBy('id').execute();
      return rows.map(toErasure);
    },
    async deletedWithoutTask() {
      const rows = await db
        .selectFrom('accounts')
        .select('id')
        .where('deleted_at', 'is not', null)
        .where(
          sql<boolean>`not exists (select 1 from erasures where deleted_account_id = accounts.id and finished_at is null)`,
        )
        .execute();
      return rows.map(({ id }) => id);
    },
    async webhooksOf(accountId) {
      const rows = await db.selectFrom('webhooks').select('id').where('account_id', '=', accountId).execute();
      return rows.map(({ id }) => id);
    },
  };
}

function toCounts(text: string | null): ErasureCounts {
  if (text === null) return {};
  const pairs = text.split(' ').map((pair): [ErasedKind, number] => {
    const [kind, number] = pair.split('=');
    return [kind as ErasedKind, Number(number)];
  });
  return Object.fromEntries(pairs);
}

function secretOf(id: string): string {
  return `erasure/${id}`;
}
