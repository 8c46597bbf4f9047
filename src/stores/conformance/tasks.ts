import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../testing/manual-clock.ts';
import type { Page } from '../ports/page.ts';
import type { Task, TaskStore } from '../ports/tasks.ts';
import type { OpenPlace, OpenStore } from './open-store.ts';
import { unique } from './samples.ts';

const at = Date.UTC(2026, 10, 22, 10);

function task(accountId: string, parts: Partial<Task> = {}): Task {
  return {
    id: unique('task'),
    accountId,
    kind: 'recover',
    filter: { webhookId: 'wh_1', from: at - 3_600_000, to: at },
    states: ['failed'],
    state: 'collecting',
    reason: null,
    total: null,
    done: 0,
    failed: 0,
    skipped: 0,
    createdAt: at,
    finishedAt: null,
    progress: null,
    ...parts,
  };
}

type Tested = Pick<OpenStore, 'tasks' | 'directory' | 'close'>;

/** What every store does with tasks. */
export function tasksConformance(name: string, open: OpenPlace<'tasks' | 'directory'>): void {
  describe(`${name}: tasks`, () => {
    let store: Tested;
    let tasks: TaskStore;
    beforeAll(async () => {
      store = await open('tasks', createManualClock());
      tasks = store.tasks;
    });
    afterAll(() => store.close());

    async function account(of: Tested = store): Promise<string> {
      const id = unique('acc');
      await of.directory.createAccount({ id, name: id, createdAt: 0 });
      return id;
    }

    it('gives back a task as it was made', async () => {
      const made = task(await account(), {
        kind: 'replay',
        filter: {
          webhookId: 'wh_1',
          product: 'whatsapp',
          reportType: 'mo',
          messageId: '🙂 "quoted"',
          transactionId: '00081934341034091431',
          mobileNumber: '+91 98123',
          statusCode: 503,
          errorClass: 'timeout_body',
          from: 1,
          to: 2 ** 52,
        },
        states: ['failed', 'skipped', 'delivered'],
      });
      await tasks.create(made);
      expect(await tasks.get(made.id)).toEqual(made);
    });

    it('knows no task that was not made', async () => {
      expect(await tasks.get('task_0')).toBeNull();
    });

    it('leaves one that has ended as it is, whoever is late', async () => {
      const made = task(await account());
      await tasks.create(made);
      const ended: Task = { ...made, state: 'done', total: 3, done: 3, finishedAt: at + 1 };
      await tasks.save(ended);
      await tasks.save({ ...made, state: 'running', total: 3, done: 1 });
      expect(await tasks.get(made.id)).toEqual(ended);
    });

    it('keeps what changes', async () => {
      const made = task(await account());
      await tasks.create(made);
      const running: Task = {
        ...made,
        state: 'running',
        total: 1_000_000,
        done: 700,
        failed: 20,
        skipped: 3,
        progress: [
          {
            webhookId: 'wh_1',
            after: 'dlv_0a1b2c3d4e5',
            outstanding: ['dlv_0a1b2c3d4e4', 'dlv_0a1b2c3d4e5'],
            queueing: ['dlv_0a1b2c3d4e6'],
          },
          { webhookId: 'wh_2', after: null, outstanding: [], queueing: [] },
        ],
      };
      await tasks.save(running);
      expect(await tasks.get(made.id)).toEqual(running);
      const ended: Task = {
        ...running,
        state: 'failed',
        reason: 'webhook_deleted',
        finishedAt: at,
        progress: null,
      };
      await tasks.save(ended);
      expect(await tasks.get(made.id)).toEqual(ended);
    });

    it('lists an account’s tasks newest first, page by page', async () => {
      const [accountId, other] = [await account(), await account()];
      const made = [3, 1, 2, 2].map((minutes) => task(accountId, { createdAt: at + minutes * 60_000 }));
      for (const each of [...made, task(other)]) await tasks.create(each);
      const expected = made.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
      const found: Task[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<Task> = await tasks.list({ accountId }, { limit: 3, cursor });
        found.push(...page.data);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(found).toEqual(expected);
    });

    it('lists the tasks of all accounts for an operator', async () => {
      const both = [
        task(await account(), { createdAt: 2 ** 50 }),
        task(await account(), { createdAt: 2 ** 50 + 1 }),
      ];
      for (const each of both) await tasks.create(each);
      expect((await tasks.list({ accountId: null }, { limit: 2, cursor: null })).data).toEqual(
        both.toReversed(),
      );
    });

    it('finds what has not ended when it is opened again, oldest first', async () => {
      const first = await open('tasks again', createManualClock());
      const accountId = await account(first);
      const made = [2, 1, 3].map((ms) => task(accountId, { createdAt: at + ms }));
      for (const each of made) await first.tasks.create(each);
      const [late, early, ended] = made as [Task, Task, Task];
      await first.tasks.save({ ...ended, state: 'cancelled', finishedAt: at });
      await first.close();
      const second = await open('tasks again', createManualClock());
      expect(await second.tasks.unfinished()).toEqual([early, late]);
      await second.close();
    });
  });
}
