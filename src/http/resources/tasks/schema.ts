import Type from 'typebox';
import { deliveryStates, errorClasses } from '../../../core/delivery.ts';
import { productIds } from '../../../core/products/index.ts';
import { erasureKinds } from '../../../stores/ports/erasures.ts';
import { replayableStates, taskKinds, taskStates } from '../../../stores/ports/tasks.ts';
import { numberWarnings } from '../../shapes/number-search.ts';
import {
  accountPageQuery,
  closed,
  component,
  instant,
  instantGiven,
  namedAccountId,
  nullableInstant,
  nullableInteger,
  nullableText,
  word,
} from '../../shapes/schema.ts';
import { deliveryFilters } from '../deliveries/schema.ts';
import { receipt } from '../erasures/receipt-schema.ts';
import { reportTypes } from '../webhooks/input/schema.ts';

const onlyEnded = 'Deliveries that are `pending` or `retrying` go on by themselves and are refused here.';
const to = Type.Optional(Type.String({ ...instantGiven, description: 'Accepted before. Default: now.' }));

export const recoverBody = closed(
  {
    from: Type.String({ ...instantGiven, description: 'Accepted at or after.' }),
    to,
    states: Type.Optional(
      Type.Array(word(deliveryStates), {
        minItems: 1,
        maxItems: deliveryStates.length,
        uniqueItems: true,
        default: ['failed'],
        description: onlyEnded,
      }),
    ),
  },
  component('Recovery', 'Which deliveries of a webhook to send again.'),
);

const { limit: _limit, cursor: _cursor, ...filters } = deliveryFilters.properties;

export const replayBody = closed(
  {
    ...filters,
    accountId: Type.Optional(
      Type.String({
        ...namedAccountId,
        description: 'The account, where an operator key asks and names no webhook.',
      }),
    ),
    state: Type.Optional(word(deliveryStates, { default: 'failed', description: onlyEnded })),
    from: Type.Optional(
      Type.String({
        ...instantGiven,
        description:
          'Accepted at or after. Required unless `messageId`, `transactionId` or `mobileNumber` is given.',
      }),
    ),
    to,
  },
  component('Replay', 'Which deliveries to send again.'),
);

export const taskStarted = closed(
  { taskId: Type.String({ examples: ['task_0a1b2c3d4e5f6g7h'] }), warnings: numberWarnings },
  component('TaskStarted', 'The task that does the work: see `GET /v1/tasks/:id`.'),
);

const taskFilter = closed(
  {
    webhookId: Type.Optional(Type.String()),
    product: Type.Optional(word(productIds)),
    reportType: Type.Optional(word(reportTypes)),
    messageId: Type.Optional(Type.String()),
    transactionId: Type.Optional(Type.String()),
    mobileNumber: Type.Optional(Type.String()),
    stateReason: Type.Optional(
      Type.String({ description: 'Why it was skipped: a restored webhook gets what its deletion ended.' }),
    ),
    statusCode: Type.Optional(Type.Integer()),
    errorClass: Type.Optional(word(errorClasses)),
    from: Type.Optional(instant),
    to: Type.Optional(instant),
  },
  {
    description:
      'What was asked for. `to` is never later than the task: what is accepted after it does not belong to it.',
  },
);

export const task = closed(
  {
    id: Type.String({ examples: ['task_0a1b2c3d4e5f6g7h'] }),
    accountId: nullableText({ description: 'Whose it is; `null`: the platform’s own.' }),
    kind: word([...taskKinds, ...erasureKinds], {
      description:
        '`recover`: sends again what a webhook missed; `replay`: what a filter finds. `erasure`: forgets a person; `account_deletion`: removes an account.',
    }),
    filter: taskFilter,
    states: Type.Array(word(replayableStates)),
    state: word(taskStates, {
      description:
        '`collecting`: counts what matches. `running`: sends. `waiting`: goes on by itself, when its endpoint gets something again (the webhook is disabled or fails), or when it has its turn beside other tasks. What erases may wait until it was delivered.',
    }),
    reason: nullableText({
      description: 'Why it failed: `webhook_deleted`, or `store_failed` (ask again).',
    }),
    total: nullableInteger({ description: 'Deliveries in all; `null` until they were counted.' }),
    done: Type.Integer({ description: 'Delivered.' }),
    failed: Type.Integer({
      description: 'The attempt did not deliver. The delivery is tried again as after any failed attempt.',
    }),
    skipped: Type.Integer({
      description: 'Not sent: sent again by somebody else meanwhile, its webhook deleted, or no longer kept.',
    }),
    createdAt: instant,
    finishedAt: nullableInstant,
    receipt,
  },
  component(
    'Task',
    'Work that takes longer than a call. Of one that erases `done` are events, `skipped` deliveries that were not sent.',
  ),
);

export const taskQuery = accountPageQuery({});
