import { type Selectable, sql } from 'kysely';
import type { Task, TaskStore } from '../../ports/tasks.ts';
import { afterCursor, rowsFor, toPage } from '../pages.ts';
import type { SqlDatabase } from '../sql-database.ts';
import type { TaskTables } from './tables.ts';

/** All but `progress`, which has tens of kilobytes while a task is at work. */
const shown = [
  'account_id',
  'id',
  'kind',
  'filter',
  'states',
  'state',
  'reason',
  'total',
  'done',
  'failed',
  'skipped',
  'created_at',
  'finished_at',
] as const satisfies (keyof TaskTables['tasks'])[];

export function createSqlTasks({ db, listRows }: SqlDatabase): TaskStore {
  return {
    async create(task) {
      const { id, accountId, kind, filter, states, createdAt } = task;
      await db
        .insertInto('tasks')
        .values({
          account_id: accountId,
          id,
          kind,
          filter: JSON.stringify(filter),
          states: JSON.stringify(states),
          created_at: createdAt,
          ...changing(task),
        })
        .execute();
    },
    async save(task) {
      const change = db.updateTable('tasks').set(changing(task)).where('id', '=', task.id);
      await change.where('finished_at', 'is', null).execute();
    },
    async get(id) {
      const row = await db
        .selectFrom('tasks')
        .selectAll()
        .where('id', '=', id)
        .where(ofLiveAccount)
        .executeTakeFirst();
      return row ? toTask(row) : null;
    },
    async list({ accountId }, page) {
      let query = db
        .selectFrom('tasks')
        .select([...shown])
        .select(sql<null>`null`.as('progress'))
        .where(afterCursor('tasks', page))
        .where(ofLiveAccount)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(rowsFor(page));
      if (accountId !== null) query = query.where('account_id', '=', accountId);
      return toPage(await listRows(accountId, query), page, toTask);
    },
    async unfinished() {
      const rows = await db
        .selectFrom('tasks')
        .selectAll()
        .where('finished_at', 'is', null)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toTask);
    },
  };
}

/** Nobody is shown what an account had that is being removed. */
const ofLiveAccount = sql<boolean>`account_id not in (select id from accounts where deleted_at is not null)`;

function changing({ state, reason, total, done, failed, skipped, progress, finishedAt }: Task) {
  return {
    ...{ state, reason, total, done, failed, skipped },
    progress: progress && JSON.stringify(progress),
    finished_at: finishedAt,
  };
}

function toTask(row: Selectable<TaskTables['tasks']>): Task {
  const { id, kind, state, reason, total, done, failed, skipped } = row;
  return {
    id,
    accountId: row.account_id,
    kind,
    filter: JSON.parse(row.filter),
    states: JSON.parse(row.states),
    ...{ state, reason, total, done, failed, skipped },
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    progress: row.progress === null ? null : JSON.parse(row.progress),
  };
}
