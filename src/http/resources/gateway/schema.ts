import Type from 'typebox';
import { proxyTroubles } from '../../../core/proxy-news.ts';
import { shortages } from '../../../core/shortage.ts';
import {
  closed,
  component,
  instant,
  nullableInstant,
  nullableInteger,
  nullableObject,
  nullableText,
  word,
} from '../../shapes/schema.ts';
import { webhookStatuses } from '../webhooks/schema.ts';

export const troubled = closed(
  {
    webhookId: Type.String(),
    accountId: Type.String(),
    url: Type.String({ description: 'Without its query.' }),
    status: word(webhookStatuses),
    disabledReason: nullableText(),
    failingSince: nullableInstant,
    waiting: Type.Integer({
      description: 'Deliveries that wait for an attempt; 10,000 stands for more too.',
    }),
    oldestPendingAt: Type.Unsafe<string | null>({
      ...nullableInstant,
      description: 'When the one came that waits longest for its first attempt.',
    }),
  },
  component('TroubledWebhook', 'A webhook that needs looking after.'),
);

const proxyTrouble = nullableObject(
  {
    class: word(proxyTroubles, {
      description:
        '`unresolved`: its name has no address; `unreachable`, `tls`: no connection with it; `authentication`: it wants another user or password (407); `refused`: it lets nobody out; `closed`, `silent`, `invalid`: what it does is no answer.',
    }),
    detail: Type.String({ description: 'A sentence with what it answers.' }),
    since: instant,
    lastAt: instant,
  },
  {
    description: 'What is wrong with it. Deliveries that would take it wait, and no attempt is used up.',
  },
);

const egressProxy = nullableObject(
  {
    url: Type.String({ description: 'Without user and password.' }),
    authenticates: Type.Boolean({ description: 'The gateway sends it a user and a password.' }),
    except: Type.Array(Type.String(), { description: 'What is called directly.' }),
    state: word(['unused', 'works', 'fails']),
    workedAt: Type.Unsafe<string | null>({
      ...nullableInstant,
      description: 'When something last came through it, to within 5 s.',
    }),
    trouble: proxyTrouble,
  },
  {
    description: 'The proxy that connections to endpoints take; null: every connection is direct.',
  },
);

const authorities = nullableObject(
  {
    file: Type.String(),
    count: Type.Integer({ description: 'Certificates in it.' }),
    certificates: Type.Array(closed({ subject: Type.String(), expiresAt: instant }), {
      description: 'Those that expire first, 20 at most.',
    }),
  },
  {
    description:
      'Further authorities, as their file was read at the start; null: public authorities alone are trusted.',
  },
);

export const egress = closed(
  { proxy: egressProxy, authorities },
  { description: 'How the gateway gets out, and whom it trusts there beside the public authorities.' },
);

/** How far one of the two clocks is. */
export const clockProgress = closed({
  doneUpTo: Type.Unsafe<string | null>({
    ...nullableInstant,
    description: 'What was accepted before has been dealt with; null: it is kept for ever.',
  }),
  behindMs: Type.Integer({
    description: 'How much older that is than it is to be: seconds, but for a backlog.',
  }),
  left: Type.Integer({
    description:
      'Events that are old enough, of which a delivery still waits or is under way; 10,000 stands for more too.',
  }),
});

export const gatewayProcess = closed(
  {
    id: Type.String({ description: 'Another one after each start.' }),
    name: Type.String({ description: 'Where it runs: the host and the number of its process there.' }),
    version: Type.String(),
    node: Type.Integer({ description: 'Its number among those that run at once, from 0.' }),
    startedAt: instant,
    state: word(['atWork', 'leaving'], {
      description: '`leaving`: it takes no webhooks any more, and hands over those that it has.',
    }),
    shards: Type.Integer({
      description: 'Of the 256 parts of all webhooks, those whose deliveries it sends.',
    }),
    leads: Type.Boolean({
      description: 'What runs once in a cluster runs there: retention, tasks, erasures.',
    }),
    isThis: Type.Boolean({ description: 'It has given this answer.' }),
    inFlight: nullableInteger({
      description: 'Deliveries that it sends, or records; null: it did not answer in time.',
    }),
    queuedEvents: nullableInteger({ description: 'Events that wait there for a commit; null likewise.' }),
  },
  component('GatewayProcess', 'One of the gateways that share the store.'),
);

export const gatewayHealth = closed(
  {
    version: Type.String(),
    node: Type.String({ description: 'The version of Node.js.' }),
    startedAt: instant,
    at: Type.Unsafe<string>({ ...instant, description: 'When this was found out: 2 s ago at most.' }),
    ready: Type.Boolean(),
    detail: Type.String({ description: 'Of readiness, as `GET /readyz` answers it.' }),
    webhooks: closed({
      enabled: Type.Integer(),
      disabled: Type.Integer(),
      failing: Type.Integer({ description: 'Those that fail, and those that the gateway has disabled.' }),
    }),
    queuedEvents: Type.Integer({ description: 'Events that wait for a commit right now.' }),
    delivery: closed({
      inFlight: Type.Integer({ description: 'Deliveries that are sent, or being recorded.' }),
      mostInFlight: Type.Integer({
        description:
          'How many there may be now: fewer than are configured while the machine is short of something, or has too few open files for it.',
      }),
      lanes: Type.Integer({ description: 'Webhooks that had something to do since the start.' }),
      inMemory: Type.Integer({ description: 'Deliveries in memory.' }),
      openBreakers: Type.Integer({ description: 'Webhooks whose endpoint fails, so that they wait.' }),
      disabledLanes: Type.Integer({ description: 'Lanes that wait because their webhook is disabled.' }),
    }),
    shortage: nullableObject(
      { of: word(shortages), since: instant, lastAt: instant },
      {
        description:
          'What the machine was short of within the last minute: `files` (descriptors), `ports`, `memory`, `lookups` (names of an account are not answered), `way_out` (the egress proxy lets nobody out, see `egress`). What cannot be sent waits, and no attempt is used up; the log says what to do.',
      },
    ),
    store: closed({
      waiting: Type.Integer({
        description: 'Deliveries that wait for an attempt; 1,000,000 stands for more too.',
      }),
      oldestPendingAt: Type.Unsafe<string | null>({
        ...nullableInstant,
        description: 'When the delivery came that waits longest for its first attempt, of enabled webhooks.',
      }),
      bytes: Type.Unsafe<Record<string, number>>({
        type: 'object',
        additionalProperties: { type: 'integer' },
        description: 'By part of the store: `database`, `wal`.',
      }),
    }),
    sealing: closed(
      {
        masterKeyId: Type.String({
          description: 'Names the master key that seals; it tells nothing of the key.',
        }),
        otherKeyIds: Type.Array(Type.String(), {
          description: 'Other master keys that are still needed to read something.',
        }),
        left: nullableInteger({
          description:
            'Secrets, and versions of webhooks, that are still to be sealed anew; null while they are not counted yet.',
        }),
      },
      { description: 'How far a change of the master key is.' },
    ),
    retention: closed(
      {
        payload: clockProgress,
        log: clockProgress,
        cut: Type.Integer({ description: 'Events whose contents were cut since the start.' }),
        dropped: Type.Integer({ description: 'Events that were deleted since the start.' }),
      },
      { description: 'How far what is older than accounts keep it has been cut and deleted.' },
    ),
    clock: nullableObject(
      {
        aheadMs: Type.Integer({ description: 'How much later it is than time was seen to pass.' }),
        believedInMs: Type.Integer({
          description: 'When that has stood for a day of running, it is believed.',
        }),
      },
      {
        description:
          'The clock jumped ahead, or is later than what was stored last by more than an hour: while it is doubted, nothing is cut, deleted or forgotten by it, only by the time that has passed since. Null: it is believed.',
      },
    ),
    egress,
    processes: Type.Array(gatewayProcess, {
      description:
        'All gateways that share the store and were heard of within the last seconds, the oldest first: this one alone, but on PostgreSQL. `queuedEvents`, `delivery`, `shortage`, `egress`, `clock` and `memory` are those of the one that answers; `webhooks`, `store`, `sealing`, `retention` and the lists are of all together.',
    }),
    memory: closed(
      { rss: Type.Integer(), heapUsed: Type.Integer() },
      { description: 'Bytes of the process.' },
    ),
    failing: Type.Array(troubled, {
      description: 'Webhooks that fail or that the gateway has disabled, 20 at most, the longest first.',
    }),
    waitingLongest: Type.Array(troubled, {
      description: 'Webhooks whose oldest report waits longest for its first attempt, 20 at most.',
    }),
  },
  component('GatewayHealth', 'How the whole gateway is doing.'),
);
