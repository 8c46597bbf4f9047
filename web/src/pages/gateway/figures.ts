import type { GatewayHealth } from '../../api/gateway.ts';
import { bytesInWords, countInWords, durationInWords } from './quantities.ts';

/** A figure of the gateway's health, as a person reads it. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly meaning: string;
  /** What to do about it; `null`: it is as it should be. */
  readonly advice: string | null;
}

/** Of the defaults of HOOKWIRE_INTAKE_QUEUE and HOOKWIRE_MAX_IN_FLIGHT. */
const manyQueued = 10_000;
const manyInFlight = 2_000;
const mostCounted = 1_000_000;
const longWaitMs = 5 * 60_000;
const longBehindMs = 3_600_000;
const largeWalBytes = 200_000_000;

const shortOf: Readonly<Record<string, string>> = {
  files: 'open files (descriptors)',
  ports: 'local ports towards an address',
  memory: 'memory for connections',
  lookups: 'look-ups of names of an account',
};

/** What the gateway says of itself, with what each figure means. */
export function figuresOf({
  at,
  queuedEvents,
  delivery,
  shortage,
  store,
  webhooks,
  sealing,
  retention,
  clock,
  memory,
}: GatewayHealth): Figure[] {
  const waitMs =
    store.oldestPendingAt === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(store.oldestPendingAt));
  const { database = 0, wal = 0 } = store.bytes;
  return [
    {
      label: 'Events before their commit',
      value: countInWords(queuedEvents),
      meaning: 'Handed in, and not acknowledged yet.',
      advice: unless(
        queuedEvents < manyQueued,
        'The disk does not keep up, and callers are about to be answered 503. Look at its load, or have the events sent in larger arrays.',
      ),
    },
    {
      label: 'Deliveries under way',
      value: countInWords(delivery.inFlight),
      meaning: `Requests that are being sent right now, over all webhooks; ${countInWords(delivery.mostInFlight)} may be.`,
      advice: shortage
        ? shortage.of === 'way_out'
          ? 'The egress proxy does not let the gateway out, so what would take it waits. See "Ways out" below.'
          : `The machine is short of ${shortOf[shortage.of] ?? shortage.of}, so some of it waits. The gateway's log says what to do.`
        : unless(
            delivery.inFlight < Math.min(manyInFlight, delivery.mostInFlight),
            'The process is at its cap of HOOKWIRE_MAX_IN_FLIGHT, unless that was raised. Reports wait although their endpoints could take them.',
          ),
    },
    {
      label: 'Deliveries that wait',
      value: countInWords(store.waiting, mostCounted),
      meaning: 'On disk, for their first attempt or another one.',
      advice: null,
    },
    {
      label: 'Longest wait for a first attempt',
      value: store.oldestPendingAt === null ? 'Nothing waits' : durationInWords(waitMs),
      meaning: 'Of enabled webhooks.',
      advice: unless(
        waitMs < longWaitMs,
        'A webhook gets more than its endpoint takes, or than its own limits allow. The list below says which.',
      ),
    },
    {
      label: 'Endpoints that fail',
      value: countInWords(delivery.openBreakers),
      meaning: 'They get one request from time to time until one succeeds; their reports wait.',
      advice: unless(
        delivery.openBreakers < 3 || delivery.openBreakers * 4 < webhooks.enabled,
        'Many at once: look at the network and the name server of this machine first.',
      ),
    },
    {
      label: 'Webhooks',
      value: `${countInWords(webhooks.enabled)} enabled`,
      meaning: `${countInWords(webhooks.disabled)} disabled, by people or by the gateway.`,
      advice: null,
    },
    {
      label: 'Database',
      value: bytesInWords(database),
      meaning: `With ${bytesInWords(wal)} of log that is still to be merged.`,
      advice: unless(
        wal < largeWalBytes,
        'The log stays large: another program holds the database open, or the disk is too slow.',
      ),
    },
    {
      label: 'Memory',
      value: bytesInWords(memory.rss),
      meaning: `${countInWords(delivery.inMemory)} deliveries of ${countInWords(delivery.lanes)} webhooks are held in it.`,
      advice: null,
    },
    ...clockAhead(clock),
    ...oldEvents(retention),
    ...keyChange(sealing),
  ];
}

/** While the clock is later than time has been seen to pass. */
function clockAhead(clock: GatewayHealth['clock']): Figure[] {
  if (!clock) return [];
  return [
    {
      label: 'Clock ahead',
      value: `By ${durationInWords(clock.aheadMs)}`,
      meaning: `That is later than time was seen to pass. Nothing is cut or deleted by it until it has stood for ${durationInWords(clock.believedInMs)} more.`,
      advice:
        'If the date of this machine is wrong, set it right now. If it is right, because Hookwire or the machine stood still, there is nothing to do.',
    },
  ];
}

/** While there is more that is older than it is kept than a moment's worth. */
function oldEvents({ payload, log, cut, dropped }: GatewayHealth['retention']): Figure[] {
  const behindMs = Math.max(payload.behindMs, log.behindMs);
  if (behindMs < longBehindMs) return [];
  return [
    {
      label: 'Older than it is kept',
      value: `By ${durationInWords(behindMs)}`,
      meaning: `It is cut behind the traffic: since the start ${countInWords(cut)} events lost their contents, and ${countInWords(dropped)} were deleted.`,
      advice: null,
    },
  ];
}

/** While a change of the master key is under way. */
function keyChange({ otherKeyIds, left }: GatewayHealth['sealing']): Figure[] {
  if (otherKeyIds.length === 0) return [];
  return [
    {
      label: 'Secrets under a previous master key',
      value: left === null ? 'Being counted' : countInWords(left),
      meaning: 'They are sealed anew with the current key, a few at a time.',
      advice:
        'Keep HOOKWIRE_MASTER_KEY_PREVIOUS until this figure is gone. Where it stays, the log says why.',
    },
  ];
}

function unless(well: boolean, advice: string): string | null {
  return well ? null : advice;
}
