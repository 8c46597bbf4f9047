import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEvent } from '../../../core/event-text.ts';
import { sequenceAt, sequenceId, sequenceTime } from '../../../core/ids.ts';
import { testEvent } from '../../../testing/factories.ts';
import { stateCode } from '../../codes.ts';
import type { LogBatch, MovedEvent } from '../../moving/log-batch.ts';
import type { DeliveryFilter } from '../../ports/history.ts';
import { createDeleteEvents } from '../erasure/delete-events.ts';
import { createForgetEvents } from '../erasure/forget-events.ts';
import { listDeliveries } from '../history/list-deliveries.ts';
import { migrate } from '../migrations/migrate.ts';
import { finish } from '../reader/work.ts';
import { createCutter } from '../retention/cutter.ts';
import { testNumberKey } from '../testing/store-cipher.ts';
import { useNumberKey } from '../thread/number-key.ts';
import { createEventIndex } from '../writer/event-index.ts';
import { readLog } from './read-log.ts';
import { createWriteLog } from './write-log.ts';

const began = Date.UTC(2026, 10, 22);
const nodes = 32;

/** Events of a store of its own, then those of a few processes at once: their deliveries lie between each other's. */
const events = fc
  .tuple(
    fc.array(fc.record({ deliveries: fc.nat(5), pause: fc.nat(3) }), { maxLength: 5 }),
    fc.array(fc.record({ node: fc.nat(3), deliveries: fc.nat(250), pause: fc.nat(4_000) }), {
      minLength: 1,
      maxLength: 12,
    }),
  )
  .map(([own, moved]) => {
    let free = sequenceAt(began);
    const dense = own.map(({ deliveries, pause }) => {
      const seq = free + pause;
      free = seq + deliveries + 1;
      return { seq, deliveries, spacing: 1 };
    });
    const next = [0, 1, 2, 3].map((node) => node + nodes * Math.ceil(free / nodes));
    const apart = moved.map(({ node, deliveries, pause }) => {
      const seq = (next[node] ?? 0) + nodes * pause;
      next[node] = seq + nodes * (deliveries + 1);
      return { seq, deliveries, spacing: nodes };
    });
    return [...dense, ...apart].sort((a, b) => a.seq - b.seq);
  });

type Numbering = Pick<MovedEvent, 'seq' | 'deliveries' | 'spacing'>;

function batchOf(numberings: readonly Numbering[]): LogBatch {
  const account = 'acc_1';
  const parts = { account, attempts: 1, sinceReplay: 1, manual: 0, reason: null, statusCode: 200 };
  const none = { errorClass: null, orderKey: null, countedAt: null, listMost: null };
  const deliveries = numberings.flatMap(({ seq: event, deliveries: count, spacing }) =>
    Array.from({ length: count }, (_, place) => ({
      ...{ ...parts, ...none, event, seq: event + spacing * (place + 1), due: sequenceTime(event) + 1 },
      ...{ webhook: `wh_${place}`, state: stateCode('delivered') },
    })),
  );
  return {
    events: numberings.map((numbering) => ({
      ...numbering,
      ...{ account, id: null, acceptedAt: sequenceTime(numbering.seq), identity: null, numberTerm: null },
      body: encodeEvent(testEvent({ messageId: `m${numbering.seq % 3}` })),
    })),
    deliveries,
    attempts: deliveries.map(({ seq: delivery }) => ({
      ...{ account, delivery, number: 1, webhookVersion: 1, manual: 0, startedAt: 1, durationMs: 1 },
      ...{ statusCode: 200, errorClass: null, errorDetail: null, responseBody: 'thanks' },
    })),
  };
}

function filled(numberings: readonly Numbering[]): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  useNumberKey(db, testNumberKey);
  const index = createEventIndex(db);
  db.exec('BEGIN');
  index.begin();
  createWriteLog(db, index)(batchOf(numberings), { numberKey: testNumberKey, now: began });
  index.write();
  db.exec('COMMIT');
  return db;
}

/** A page of a list: the ids of its deliveries, and where the next one begins. */
function pageOf(db: DatabaseSync, filter: DeliveryFilter, limit: number, behind: number | null) {
  const { data, next } = finish(listDeliveries(db, { filter, limit, behind }, { spentMs: () => 0 }));
  return { ids: data.map(({ id }) => id), next };
}

/** The numbers of what is left. */
function numbersIn(db: DatabaseSync) {
  const all = (sql: string): number[] =>
    db
      .prepare(sql)
      .all()
      .map(({ n }) => Number(n));
  return {
    events: all('SELECT seq AS n FROM events ORDER BY seq'),
    deliveries: all('SELECT seq AS n FROM deliveries ORDER BY seq'),
    attempts: all('SELECT delivery AS n FROM attempts ORDER BY delivery'),
  };
}

function numbersOf(numberings: readonly Numbering[]) {
  const deliveries = batchOf(numberings)
    .deliveries.map(({ seq }) => seq)
    .sort((a, b) => a - b);
  return { events: numberings.map(({ seq }) => seq), deliveries, attempts: deliveries };
}

describe('events that were moved here, whose deliveries lie between those of others,', () => {
  it('are listed with their deliveries newest first, each once, in pages of any size', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 300 }), (numberings, limit) => {
        const db = filled(numberings);
        for (const filter of [{ messageId: 'm1' }, { accountId: 'acc_1' }] as const) {
          const listed: string[] = [];
          for (let behind: number | null = null; ; ) {
            const page: ReturnType<typeof pageOf> = pageOf(db, { accountId: null, ...filter }, limit, behind);
            listed.push(...page.ids);
            if (page.next === null) break;
            behind = page.next;
          }
          const wanted = numberings.filter(({ seq }) => 'accountId' in filter || seq % 3 === 1);
          const expected = numbersOf(wanted).deliveries.toReversed();
          expect(listed).toEqual(expected.map((seq) => sequenceId('dlv', seq)));
        }
        db.close();
      }),
      { numRuns: 15 },
    );
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(events, (numberings) => {
        const db = filled(numberings);
        const { events: written, deliveries, attempts } = batchOf(numberings);
        const bySeq = <T extends { readonly seq: number }>(some: readonly T[]) =>
          some.toSorted((a, b) => a.seq - b.seq);
        const read = { events: [] as object[], deliveries: [] as { seq: number }[], attempts: 0 };
        for (let after = 0; ; ) {
          const batch = readLog(db, after);
          if (!batch) break;
          read.events.push(...batch.events);
          read.deliveries.push(...batch.deliveries);
          read.attempts += batch.attempts.length;
          after = batch.events.at(-1)?.seq ?? 0;
        }
        expect(read.events).toEqual(written);
        expect(bySeq(read.deliveries)).toEqual(bySeq(deliveries));
        expect(read.attempts).toBe(attempts.length);
        db.close();
      }),
      { numRuns: 10 },
    );
  });

  it.each(['payload', 'log'] as const)('end when their time is over, and no others: %s', (clock) => {
    fc.assert(
      fc.property(events, fc.nat(12), (numberings, place) => {
        const db = filled(numberings);
        const cutter = createCutter(db);
        const keepMs = 1_000;
        const forEver = { payloadMs: null, logMs: null };
        const keep = clock === 'payload' ? { ...forEver, payloadMs: keepMs } : { ...forEver, logMs: keepMs };
        cutter.keep({ ofAll: keep, own: new Map() });
        const last = numberings[Math.min(place, numberings.length - 1)]?.seq ?? 0;
        const now = sequenceTime(last) + keepMs;
        while (!cutter.cut({ now, mostMs: 0 }).isDone);
        const isOld = ({ seq }: Numbering): boolean => sequenceTime(seq) + keepMs <= now;
        const young = numbersOf(numberings.filter((event) => !isOld(event)));
        if (clock === 'log') expect(numbersIn(db)).toEqual(young);
        else {
          const whole = db
            .prepare('SELECT delivery FROM attempts WHERE response_body IS NOT NULL ORDER BY 1')
            .all();
          expect(whole.map(({ delivery }) => delivery)).toEqual(young.attempts);
          expect(numbersIn(db)).toEqual(numbersOf(numberings));
        }
        db.close();
      }),
      { numRuns: 15 },
    );
  });

  it('are deleted with what is theirs alone', () => {
    fc.assert(
      fc.property(events, fc.nat(12), (numberings, place) => {
        const db = filled(numberings);
        const gone = numberings[place % numberings.length] as Numbering;
        const deleteEvents = createDeleteEvents(db, createForgetEvents(db));
        const request = { erasure: 'task_1', accountId: 'acc_1', events: [gone.seq] };
        while (deleteEvents(request) === 0);
        expect(numbersIn(db)).toEqual(numbersOf(numberings.filter((each) => each !== gone)));
        db.close();
      }),
      { numRuns: 15 },
    );
  });
});
