import { describe, expect, it } from 'vitest';
import type { Task } from '../api/tasks.ts';
import { taskCounts, taskPercent, taskTitle } from './task-words.ts';

const task: Task = {
  id: 'task_1',
  accountId: 'acc_1',
  kind: 'replay',
  filter: {},
  states: ['failed'],
  state: 'running',
  reason: null,
  total: 3_000,
  done: 1_204,
  failed: 12,
  skipped: 3,
  createdAt: '2026-11-22T10:15:30.000Z',
  finishedAt: null,
  receipt: null,
};

describe('a replay of many', () => {
  it('says how far it is', () => {
    expect(taskCounts(task)).toBe('1,204 of 3,000 delivered, 12 failed, 3 left out');
    expect(taskPercent(task)).toBe(40);
  });

  it('has no measure before it was counted, and is through where there is nothing', () => {
    expect(taskPercent({ ...task, state: 'collecting', total: null })).toBeNull();
    expect(taskPercent({ ...task, total: 0, done: 0, failed: 0, skipped: 0 })).toBe(100);
    expect(taskTitle({ ...task, state: 'done', total: 0 })).toBe('There was nothing to send again');
  });

  it('says why it stopped', () => {
    expect(taskTitle({ ...task, state: 'failed', reason: 'webhook_deleted' })).toContain('deleted');
    expect(taskTitle({ ...task, state: 'failed', reason: 'store_failed' })).toContain(
      'failure of the gateway',
    );
  });
});
