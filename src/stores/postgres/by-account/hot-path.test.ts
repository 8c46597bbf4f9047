import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import {
  appendTold,
  delivered,
  failed,
  newEvent,
  queue,
  record,
  retryAt,
  unique,
} from '../../conformance/samples.ts';
import { type DeliveryLog, nothingHeld } from '../../ports/delivery-log.ts';
import { createTestDatabases } from '../testing/databases.ts';
import { openLog } from '../testing/log-places.ts';

/** What grows with what is delivered: of these no statement of the way of an event may look at more than an account's. */
const tables = ['events', 'event_identities', 'waiting', 'deliveries', 'attempts', 'told_steps'];
const namesATable = new RegExp(`\\b(${tables.join('|')})\\b`);

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly Plans?: readonly PlanNode[];
  readonly [property: string]: unknown;
}

/** A plan's scans of these tables that no condition holds to an account, by the name that the statement has for them. */
function acrossAccounts(root: PlanNode): string[] {
  const nodes = [root].flatMap(function all(node): PlanNode[] {
    return [node, ...(node.Plans ?? []).flatMap(all)];
  });
  const conditions = nodes.flatMap((node) =>
    Object.entries(node).flatMap(([name, value]) => (/Cond|Filter/.test(name) ? [String(value)] : [])),
  );
  return nodes.flatMap(({ Alias: alias = '', ...node }) => {
    const table = String(node['Relation Name'] ?? '').replace(/_(other|\d{8})$/, '');
    // Of a condition of a join over partitions the name is that of all of them.
    const names = [alias, alias.replace(/_\d+$/, '')];
    const isScan = /Scan$/.test(String(node['Node Type'])) && tables.includes(table);
    const isHeld = names.some((name) =>
      conditions.some((condition) => condition.includes(`${name}.account`)),
    );
    return isScan && !isHeld ? [`${table} as ${alias}`] : [];
  });
}

/** A plan's scans of events that do not look each up by its number. */
function readMany(node: PlanNode): string[] {
  const isOfEvents = /^events_(other|\d{8})$/.test(String(node['Relation Name'] ?? ''));
  const condition = String(node['Index Cond'] ?? '');
  return [
    ...(isOfEvents && !/\bseq = /.test(condition) ? [`${node['Node Type']} ${condition}`] : []),
    ...(node.Plans ?? []).flatMap(readMany),
  ];
}

describe('the way of an event', () => {
  const databases = createTestDatabases();
  let client: pg.Client;
  let log: DeliveryLog;
  let asked: ReturnType<typeof spy>;

  const spy = () => vi.spyOn(pg.Client.prototype, 'query');

  beforeAll(async () => {
    client = new pg.Client(await databases.laidOut('hot'));
    await client.connect();
    await client.query('analyze');
    // As the log's connections have it (`pool.ts`).
    await client.query('set enable_seqscan = off');
    await client.query('set plan_cache_mode = force_generic_plan');
  });
  beforeEach(async () => {
    ({ log } = await openLog({ url: await databases.laidOut('hot'), clock: createManualClock() }));
    asked = spy();
  });
  afterEach(async () => {
    asked.mockRestore();
    await log.close();
  });
  afterAll(async () => {
    await client.end();
    await databases.remove();
  });

  /** The statements that name one of the tables, each once, since the last call. */
  function statements(): string[] {
    const texts = asked.mock.calls.map(([first]) => {
      const query = first as unknown as string | { readonly text: string };
      return typeof query === 'string' ? query : query.text;
    });
    asked.mockClear();
    return [...new Set(texts)].filter((text) => namesATable.test(text));
  }

  async function explained(
    texts: readonly string[],
    of: (root: PlanNode) => string[] = acrossAccounts,
  ): Promise<string[]> {
    const found: string[] = [];
    for (const text of texts) {
      await client.query(`prepare explained as ${text}`);
      const params = new Set(text.match(/\$\d+/g)).size;
      const nulls = params === 0 ? '' : `(${Array(params).fill('null').join()})`;
      const { rows } = await client.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
        `explain (verbose, format json) execute explained${nulls}`,
      );
      await client.query('deallocate explained');
      found.push(...of(rows[0]?.['QUERY PLAN'][0].Plan ?? {}).map((scan) => `${scan}: ${text}`));
    }
    return found;
  }

  it('is held to its account when it is accepted, anew and again', async () => {
    const event = newEvent([unique('wh')]);
    const ordered = unique('wh');
    const inOrder = { ...newEvent([ordered]), orderedWebhookIds: [ordered] };
    const [first] = await log.append([event, inOrder]);
    await log.append([event, { ...event, ownId: first?.eventId ?? null }]);
    const texts = statements();
    expect(texts.filter((text) => text.includes('insert into events'))).toHaveLength(2);
    expect(texts.length).toBeGreaterThanOrEqual(4);
    expect(await explained(texts)).toEqual([]);
  });

  it('is held to its account when it is loaded', async () => {
    const webhookId = unique('wh');
    const [one] = await queue(log, webhookId, 2);
    statements();
    await log.loadPending(webhookId, nothingHeld, 10);
    await log.loadRetries(webhookId, 1_000, 10);
    await log.loadThese(webhookId, [one?.id ?? '']);
    const texts = statements();
    expect(texts.length).toBeGreaterThanOrEqual(4);
    expect(await explained(texts)).toEqual([]);
    expect(await explained(texts, readMany)).toEqual([]);
  });

  it('is held to its account when attempts are recorded, in order too', async () => {
    const webhookId = unique('wh');
    const [one, two, three] = await queue(log, webhookId, 3);
    const ordered = unique('wh');
    const parts = { messageId: unique('message') };
    const events = ['sent', 'delivered'].map((status) => ({
      ...newEvent([ordered], { ...parts, status }),
      orderedWebhookIds: [ordered],
    }));
    await appendTold(log, events);
    const [inOrder] = await log.loadPending(ordered, nothingHeld, 10);
    if (!one || !two || !three || !inOrder) throw new Error('Something was not loaded.');
    statements();
    await record(log, one, delivered);
    await record(log, two, failed);
    await record(log, three, retryAt(5_000));
    await record(log, inOrder, delivered);
    const texts = statements();
    expect(texts.filter((text) => text.includes('insert into deliveries')).length).toBeGreaterThanOrEqual(2);
    expect(await explained(texts)).toEqual([]);
  });

  it('would be found out where it was not', async () => {
    expect(await explained(['select body from events where seq = $1'])).toHaveLength(1);
    const joined = 'select body from waiting w join events e on e.account = w.account and e.seq = w.event';
    expect((await explained([joined], readMany)).length).toBeGreaterThan(0);
    expect(
      await explained(['delete from waiting w using deliveries d where d.account = $1 and w.seq = d.seq']),
    ).toHaveLength(1);
  });
});
