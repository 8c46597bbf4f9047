import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sequenceAt, sequenceId } from '../../../core/ids.ts';
import { migrate } from '../migrations/migrate.ts';
import { configure } from '../pragmas.ts';
import type { QuestionName, Questions } from './questions.ts';
import { openReader, type Reader } from './reader.ts';
import type { ArgumentOf } from './work.ts';

const first = sequenceAt(Date.UTC(2026, 10, 22));
const deliveries = 60_000;
/** Looks through all deliveries for one that there is not: far more than a slice of the reader's time. */
const long = { filter: { accountId: null, statusCode: 299 }, limit: 500, behind: null };
const longest = { ...long, filter: { accountId: null, stateReason: 'none such' } };

let dir: string;
let db: DatabaseSync;
let reader: Reader;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hookwire-reader-'));
  const file = join(dir, 'hookwire.db');
  db = new DatabaseSync(file);
  configure(db, 'writer');
  migrate(db);
  db.exec(`
    insert into events (seq, id, account, deliveries, body) values (${first}, null, 'acc_1', ${deliveries}, '{"messageId":"m","message":{"deep":${'['.repeat(15_000)}${']'.repeat(15_000)}}}');
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${deliveries})
    insert into deliveries (seq, event, webhook, state, attempts, since_replay, manual, due, status_code)
    select ${first} + i, ${first}, 'wh_1', 3, 1, 1, 0, 0, 200 from n;`);
  reader = await openReader(file);
});
afterAll(async () => {
  await reader.close();
  db.close();
  rmSync(dir, { recursive: true });
});

describe('the reader', () => {
  it('answers others while one asks much, and each in the order in which they ask', async () => {
    const order: string[] = [];
    const ask = <Q extends QuestionName>(
      asker: string,
      name: string,
      question: Q,
      argument: ArgumentOf<Questions[Q]>,
    ) => reader.ask(asker, question, argument).then(() => void order.push(name));
    await Promise.all([
      ...['a1', 'a2', 'a3', 'a4'].map((name) => ask('acc_a', name, 'listDeliveries', longest)),
      ask('acc_b', 'b1', 'getDelivery', sequenceId('dlv', first + 1)),
      ask('acc_b', 'b2', 'getDelivery', sequenceId('dlv', first + 2)),
      reader.look('select 1', []).then(() => void order.push('look')),
    ]);
    expect(order).toEqual(['look', 'b1', 'b2', 'a1', 'a2', 'a3', 'a4']);
  });

  it('hands over an event however deep it is nested', async () => {
    const found = await reader.ask(null, 'getDelivery', sequenceId('dlv', first + 1));
    expect(found?.event.body).toContain('['.repeat(15_000));
    const filter = { accountId: 'acc_1', webhookId: 'wh_1', state: 'delivered' } as const;
    const list = { ...long, filter, limit: 5 };
    await expect(reader.ask(null, 'listDeliveries', list)).resolves.toMatchObject({ next: null });
  });

  it('sees what is written when it is asked', async () => {
    const count = async () => (await reader.look('select count(*) as n from accounts', []))[0]?.n;
    const before = Number(await count());
    db.exec("insert into accounts (id, name, created_at) values ('acc_new', 'New', 0)");
    expect(await count()).toBe(before + 1);
  });

  it('cannot write', async () => {
    await expect(reader.look('delete from accounts', [])).rejects.toThrow(/readonly/);
  });

  it('fails the one request that it cannot carry out', async () => {
    await expect(reader.ask(null, 'toString' as QuestionName, null as never)).rejects.toThrow(
      'The reader knows no question "toString".',
    );
    await expect(reader.look('selec 1', [])).rejects.toThrow(/syntax error/);
    const broken = { sql: 'select none_such', parameters: [] };
    await expect(reader.ask(null, 'rows', broken)).rejects.toThrow(/no such column/);
    expect(await reader.look('select 1 as one', [])).toEqual([{ one: 1 }]);
  });

  it('answers what was asked before it closes', async () => {
    const other = await openReader(join(dir, 'hookwire.db'));
    const asked = ['acc_a', 'acc_b'].map((asker) => other.ask(asker, 'listDeliveries', longest));
    const closed = other.close();
    await expect(Promise.all(asked)).resolves.toHaveLength(2);
    await closed;
    await expect(other.look('select 1', [])).rejects.toThrow('The reader is closed.');
  });
});
