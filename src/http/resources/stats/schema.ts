import Type from 'typebox';
import { errorClasses } from '../../../core/delivery.ts';
import { statsBuckets, totalsBuckets } from '../../../stores/ports/stats.ts';
import {
  accountQuery,
  closed,
  component,
  instant,
  instantGiven,
  nullableNumber,
  nullableObject,
  word,
} from '../../shapes/schema.ts';

const percentiles = closed(
  { p50: nullableNumber, p95: nullableNumber, p99: nullableNumber },
  component(
    'Percentiles',
    'In ms; `null` where there is nothing to count. Interpolated from a histogram with six buckets to the decade, so a value may be off by less than the width of its bucket: at most 70 % of it.',
  ),
);

const errors = closed(
  Object.fromEntries(errorClasses.map((name) => [name, Type.Optional(Type.Integer({ minimum: 1 }))])),
  { description: 'Failed attempts by class; only those that occurred.' },
);

const figures = {
  from: instant,
  to: instant,
  attempts: Type.Integer(),
  delivered: Type.Integer({ description: 'Deliveries that were delivered.' }),
  failed: Type.Integer({ description: 'Deliveries that failed for good.' }),
  errors,
  durationMs: percentiles,
  latencyMs: percentiles,
};

export const stretch = closed(
  figures,
  component(
    'StatsFigures',
    'What happened at a webhook from `from` until before `to`. An attempt counts when it ends. `durationMs` is how long attempts took; `latencyMs` is from acceptance to delivered, without replays by hand.',
  ),
);

export const stats = closed(
  {
    bucket: word(statsBuckets),
    data: Type.Array(stretch, { description: 'Oldest first, without gaps: empty buckets too.' }),
    total: stretch,
    learntRate: nullableObject(
      {
        perSecond: Type.Number({ description: 'Requests a second, to two digits.' }),
        at: Type.Unsafe<string>({
          ...instant,
          description: 'When it was learnt, or last changed by a tenth or more.',
        }),
      },
      {
        description:
          'How much the endpoint takes, as its answers 429 and 503 have taught the gateway since its start; a good value for `settings.ratePerSecond`. `null`: nothing was learnt, or the webhook was changed since.',
      },
    ),
  },
  component('WebhookStats', 'Figures for charts.'),
);

export const statsQuery = closed({
  from: Type.Optional(
    Type.String({
      ...instantGiven,
      description:
        'Widened to the start of its bucket. Default: an hour by minutes, a day by hours, 30 days by days.',
    }),
  ),
  to: Type.Optional(
    Type.String({ ...instantGiven, description: 'Widened to the end of its bucket. Default: now.' }),
  ),
  bucket: Type.Optional(
    word(statsBuckets, {
      default: 'hour',
      description: 'Of UTC. Minutes are kept for 48 hours, hours for 35 days, days for 400 days.',
    }),
  ),
});

const totals = closed(
  {
    webhookId: Type.String(),
    attempts: Type.Integer(),
    delivered: Type.Integer({ description: 'Deliveries that were delivered.' }),
    failed: Type.Integer({ description: 'Deliveries that failed for good.' }),
    successRate: Type.Unsafe<number | null>({
      ...nullableNumber,
      description: 'Delivered of those that ended, 0 to 1; `null` where none ended.',
    }),
    buckets: Type.Array(closed({ at: instant, delivered: Type.Integer(), failed: Type.Integer() }), {
      description: 'Those that have anything, oldest first; `at` is the start.',
    }),
  },
  component('WebhookTotals', 'What happened at one webhook.'),
);

export const accountStats = closed(
  {
    from: instant,
    to: instant,
    bucketMs: Type.Integer({ description: 'The length of a bucket, ms.' }),
    data: Type.Array(totals, { description: 'Webhooks that have anything, deleted ones too.' }),
  },
  component('AccountStats', 'The counts of all webhooks of an account.'),
);

export const accountStatsQuery = closed({
  ...accountQuery.properties,
  from: Type.Optional(
    Type.String({
      ...instantGiven,
      description: 'Widened to the start of its bucket. Default: a day by hours, 30 days by days.',
    }),
  ),
  to: statsQuery.properties.to,
  bucket: Type.Optional(word(totalsBuckets, { default: 'hour', description: 'Of UTC.' })),
});
