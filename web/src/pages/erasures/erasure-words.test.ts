import { expect, it } from 'vitest';
import type { Task } from '../../api/tasks.ts';
import { erasedWords, erasureState, erasureTitle } from './erasure-words.ts';

const receipt = {
  deletedAccountId: null,
  waiting: 'drop',
  askedBy: { kind: 'person', id: 'per_1', name: 'Asha' },
  progress: 0.4,
  counts: { events: 1_060, tasks: 1, keptAnswers: 0 },
} as const;
const task: Task = {
  ...{
    id: 'task_1',
    accountId: 'acc_1',
    kind: 'erasure',
    filter: {},
    states: [],
    state: 'running',
    reason: null,
  },
  ...{ total: null, done: 1_060, failed: 0, skipped: 0 },
  createdAt: '2026-11-22T10:15:30.000Z',
  finishedAt: null,
  receipt,
};

it('says what was erased', () => {
  expect(erasedWords(task)).toBe('1,060 events, 1 task');
  expect(erasedWords({ ...task, receipt: { ...receipt, counts: {} } })).toBe('nothing');
});

it('says who goes, and never by which number', () => {
  expect(erasureTitle(task)).toBe('A person');
  expect(erasureTitle({ ...task, receipt: { ...receipt, deletedAccountId: 'acme' } })).toBe(
    'The account acme',
  );
});

it('says how far it is', () => {
  expect(erasureState(task)).toBe('At work: 40 % looked through');
  expect(erasureState({ ...task, state: 'waiting' })).toBe('In line');
  expect(erasureState({ ...task, state: 'waiting', receipt: { ...receipt, progress: 1 } })).toBe(
    'Waits until what waits was delivered',
  );
  expect(erasureState({ ...task, state: 'done' })).toBe('Done');
});
