import { findEventsOf, findTraces } from '../erasure/find-events.ts';
import { findEvents } from '../history/find-events.ts';
import { getDelivery, getEvent } from '../history/get.ts';
import { listDeliveries, listDeliveryIds } from '../history/list-deliveries.ts';
import { statesOfDeliveries } from '../history/states.ts';
import { readBacklog } from '../stats/backlog.ts';
import { readQueues } from '../stats/queues.ts';
import { readStats } from '../stats/read.ts';
import { readTotals } from '../stats/totals.ts';
import { readWaitingByAccount } from '../stats/waiting-by-account.ts';
import { rows } from './rows.ts';
import type { Question } from './work.ts';

/** What the reader answers beside look-ups, by name. Arguments are cloned, answers cross as JSON. */
export const questions = {
  listDeliveries,
  listDeliveryIds,
  statesOfDeliveries,
  findEvents,
  getDelivery,
  getEvent,
  findTraces,
  findEventsOf,
  readStats,
  readTotals,
  readBacklog,
  readQueues,
  readWaitingByAccount,
  rows,
} satisfies Record<string, Question>;

export type Questions = typeof questions;
export type QuestionName = keyof Questions;
