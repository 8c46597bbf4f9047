import { key } from '../config-key.ts';
import { wholeNumber } from '../parsers.ts';

/** How much is taken in. */
export const intakeKeys = {
  intakeQueue: key({
    name: 'HOOKWIRE_INTAKE_QUEUE',
    description:
      'Deliveries that may wait to be written at once, over all accounts; an event that no webhook gets counts as one. Beyond it the API answers 503 with Retry-After and takes nothing of the call. One account may fill a quarter of it, and the last quarter is for accounts that have next to nothing waiting.',
    shape: 'whole number from 1000 to 1000000',
    unit: 'deliveries',
    default: '100000',
    example: '400000',
    secret: false,
    parse: wholeNumber(1_000, 1_000_000),
  }),
};

/** How much is sent and watched at once, and when that ends. */
export const deliveryKeys = {
  maxTests: key({
    name: 'HOOKWIRE_MAX_TESTS',
    description:
      'Tests of webhooks that may be under way at once, over all accounts. Beyond it the API answers 429.',
    shape: 'whole number from 1 to 10000',
    unit: 'tests',
    default: '50',
    example: '100',
    secret: false,
    parse: wholeNumber(1, 10_000),
  }),
  maxLiveStreams: key({
    name: 'HOOKWIRE_MAX_LIVE_STREAMS',
    description:
      'Live streams that may be open at once, over all accounts. Beyond it whoever has the most gives one up for an account that has fewer; where all have as many, the API answers 503.',
    shape: 'whole number from 1 to 10000',
    unit: 'live streams',
    default: '500',
    example: '1000',
    secret: false,
    parse: wholeNumber(1, 10_000),
  }),
  maxInFlight: key({
    name: 'HOOKWIRE_MAX_IN_FLIGHT',
    description: 'Outgoing requests that may be under way at once, over all webhooks.',
    shape: 'whole number from 1 to 100000',
    unit: 'requests',
    default: '2000',
    example: '500',
    secret: false,
    parse: wholeNumber(1, 100_000),
  }),
  couriers: key({
    name: 'HOOKWIRE_COURIERS',
    description:
      'Threads that send. A webhook belongs to one of them, so more than the webhooks that are busy at once help nobody. Each takes some 25 MB of memory and more as it works.',
    shape: 'whole number from 1 to 64',
    unit: 'threads',
    default: null,
    absent: 'One less than the machine has cores, and at least 1.',
    example: '2',
    secret: false,
    parse: wholeNumber(1, 64),
  }),
  disableAfterHours: key({
    name: 'HOOKWIRE_DISABLE_AFTER_HOURS',
    description:
      'How long an endpoint may do nothing but fail before its webhook is disabled. Its deliveries then wait until it is enabled again.',
    shape: 'whole number from 1 to 8760',
    unit: 'hours',
    default: '120',
    example: '48',
    secret: false,
    parse: wholeNumber(1, 8_760),
  }),
  shutdownTimeoutMs: key({
    name: 'HOOKWIRE_SHUTDOWN_TIMEOUT_MS',
    description:
      'How long the gateway may take to stop after SIGTERM. Deliveries under way may end, and events are taken, until 2 s before that; what has not ended by then is sent again after the next start.',
    shape: 'whole number from 0 to 600000',
    unit: 'ms',
    default: '20000',
    example: '5000',
    secret: false,
    parse: wholeNumber(0, 600_000),
  }),
};
