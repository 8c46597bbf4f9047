import { Kysely, type Selectable, sql } from 'kysely';
import type { Sought } from '../../../core/traces.ts';
import type { AuditActorKind } from '../../ports/audit.ts';
import type {
  Erasure,
  ErasureCounts,
  ErasureKind,
  ErasurePlace,
  ErasureState,
  ErasureStore,
  WaitingChoice,
} from '../../ports/erasures.ts';
import type { Cipher } from '../../secrets/cipher.ts';
import { toStatement } from '../directory/apply-if.ts';
import { openGatewaySecret, sealGatewaySecret } from '../directory/number-key.ts';
import { afterCursor, rowsFor, toPage } from '../directory/pages.ts';
import { listRows } from '../reader/list-rows.ts';
import { createStoreDialect } from '../thread/kysely-dialect.ts';
import type { Statement } from '../thread/statements.ts';
import type { Threads } from '../thread/threads.ts';
import type { WriterThread } from '../writer/writer-thread.ts';

/** The columns of `migrations/025-erasures.ts`, where they are explained. */
interface ErasureTable {
  id: string;
  kind: ErasureKind;
  account_id: string | null;
  deleted_account_id: string | null;
  waiting: WaitingChoice;
  actor_kind: AuditActorKind;
  actor_id: string;
  actor_name: string;
  state: ErasureState;
  place: string | null;
  created_at: number;
  finished_at: number | null;
}

const always: Statement = { sql: 'select 1', parameters: [] };
const counts = sql<string>`(select json_group_object(kind, count) from erasure_counts where erasure = erasures.id)`;
const sealed = sql<
  string | null
>`(select sealed from gateway_secrets where name = 'erasure/' || erasures.id)`;

/** Erasures on SQLite. */
export function createSqliteErasures(
  writer: Pick<WriterThread, 'ask'>,
  threads: Threads,
  cipher: Cipher,
): ErasureStore {
  const { desk, reader } = threads;
  const db = new Kysely<{ erasures: ErasureTable }>({ dialect: createStoreDialect(threads) });
  const shown = db.selectFrom('erasures').selectAll().select(counts.as('counts')).select(sealed.as('sealed'));

  function soughtOf({ sought, id }: Erasure): Sought {
    if (!sought) throw new Error(`The erasure ${id} has ended.`);
    return sought;
  }

  function deletedOf({ deletedAccountId, id }: Erasure): string {
    if (deletedAccountId === null) throw new Error(`The erasure ${id} deletes no account.`);
    return deletedAccountId;
  }

  function toErasure(row: Selectable<ErasureTable> & { counts: string; sealed: string | null }): Erasure {
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
      counts: JSON.parse(row.counts) as ErasureCounts,
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
      const changes = [toStatement(insert)];
      if (sought) {
        const text = sealGatewaySecret(JSON.stringify(sought), secretOf(id), cipher);
        const keep = 'insert into gateway_secrets values (?, ?)';
        changes.push({ sql: keep, parameters: [secretOf(id), text] });
      }
      await desk.applyIf(always, changes);
    },
    async save({ id, state, place, finishedAt }) {
      const values = { state, place: place && JSON.stringify(place), finished_at: finishedAt };
      const changes = [toStatement(db.updateTable('erasures').set(values).where('id', '=', id))];
      if (finishedAt !== null) {
        changes.push({ sql: 'delete from gateway_secrets where name = ?', parameters: [secretOf(id)] });
      }
      await desk.applyIf(always, changes);
    },
    async get(id) {
      const row = await shown.where('id', '=', id).executeTakeFirst();
      return row ? toErasure(row) : null;
    },
    async list({ accountId }, page) {
      let query = shown
        .where(afterCursor('erasures', page))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(rowsFor(page));
      if (accountId !== null) query = query.where('account_id', '=', accountId);
      return toPage(await listRows(reader, accountId, query), page, toErasure);
    },
    async unfinished() {
      const rows = await shown.where('finished_at', 'is', null).orderBy('created_at').orderBy('id').execute();
      return rows.map(toErasure);
    },

    async storedSpan() {
      // Apart: SQLite looks up one end by itself, and reads the whole table for both.
      const [row] = await reader.look(
        'select (select min(seq) from events) as first, (select max(seq) from events) as last',
        [],
      );
      return { first: Number(row?.first ?? 0), last: Number(row?.last ?? 0) };
    },
    find: (erasure, after, upTo) =>
      reader.ask(erasure.accountId, 'findTraces', {
        ...{ sought: soughtOf(erasure), accountId: erasure.accountId, after, upTo },
      }),
    eraseEvents: (erasure, events) =>
      writer.ask('eraseEvents', {
        ...{ erasure: erasure.id, sought: soughtOf(erasure), accountId: erasure.accountId, events },
      }),
    eraseRest: (erasure, from) =>
      desk.ask('eraseRest', {
        ...{ erasure: erasure.id, sought: soughtOf(erasure), accountId: erasure.accountId, from },
      }),

    async deletedWithoutTask() {
      const rows = await reader.look(
        `select id from accounts where deleted_at is not null and not exists
           (select 1 from erasures where deleted_account_id = accounts.id and finished_at is null)`,
        [],
      );
      return rows.map(({ id }) => String(id));
    },
    async webhooksOf(accountId) {
      const rows = await reader.look('select id from webhooks where account_id = ?', [accountId]);
      return rows.map(({ id }) => String(id));
    },
    findOfAccount: (erasure, after, upTo) =>
      reader.ask(null, 'findEventsOf', { accountId: deletedOf(erasure), after, upTo }),
    deleteEvents: (erasure, events) =>
      writer.ask('deleteEvents', { erasure: erasure.id, accountId: deletedOf(erasure), events }),
    deleteRest: (erasure, from) =>
      desk.ask('deleteRest', { erasure: erasure.id, accountId: deletedOf(erasure), from }),

    async isForgotten() {
      return (await reader.look('select 1 from index_forgotten limit 1', [])).length === 0;
    },
    wipe: (from) => desk.ask('wipe', from),
  };
}

function secretOf(id: string): string {
  return `erasure/${id}`;
}
