import { key } from '../config-key.ts';
import { wholeNumber, wholeNumberOrOff } from '../parsers.ts';

/** What the API takes of those who call it. */
export const httpKeys = {
  maxBodyBytes: key({
    name: 'HOOKWIRE_MAX_BODY_BYTES',
    description:
      'The largest body of events that the API takes; a larger one is answered 413. Other calls take less, and say how much.',
    shape: 'whole number from 1024 to 67108864',
    unit: 'bytes',
    default: '4194304',
    example: '8388608',
    secret: false,
    parse: wholeNumber(1_024, 67_108_864),
  }),
  maxConnections: key({
    name: 'HOOKWIRE_MAX_CONNECTIONS',
    description:
      'Connections that clients may have open at once, over all of them. Beyond it those that are idle are closed, the longest first, and where none is, new ones are answered 503; health checks are answered.',
    shape: 'whole number from 16 to 100000',
    unit: 'connections',
    default: '4000',
    example: '10000',
    secret: false,
    parse: wholeNumber(16, 100_000),
  }),
  maxConnectionsOfAddress: key({
    name: 'HOOKWIRE_MAX_CONNECTIONS_OF_ADDRESS',
    description:
      'Connections that one address (of IPv6: one /64) may have open at once, then as above with 429. This machine itself and `HOOKWIRE_TRUSTED_PROXIES` stand for many clients and have no bound but that of all.',
    shape: 'whole number from 1 to 100000',
    unit: 'connections',
    default: '500',
    example: '2000',
    secret: false,
    parse: wholeNumber(1, 100_000),
  }),
  headersTimeoutMs: key({
    name: 'HOOKWIRE_HEADERS_TIMEOUT_MS',
    description:
      'How long a client may take to send the headers of a request, and a new connection to send anything. Bodies may take longer, as long as they come at 1 kB a second.',
    shape: 'whole number from 1000 to 600000',
    unit: 'ms',
    default: '10000',
    example: '5000',
    secret: false,
    parse: wholeNumber(1_000, 600_000),
  }),
  requestTimeoutMs: key({
    name: 'HOOKWIRE_REQUEST_TIMEOUT_MS',
    description: 'How long a client may take to send a whole request.',
    shape: 'whole number from 1000 to 3600000',
    unit: 'ms',
    default: '60000',
    example: '30000',
    secret: false,
    parse: wholeNumber(1_000, 3_600_000),
  }),
  keepAliveTimeoutMs: key({
    name: 'HOOKWIRE_KEEP_ALIVE_TIMEOUT_MS',
    description:
      'How long a connection is kept for the next request. Behind a load balancer it must be longer than the balancer keeps it.',
    shape: 'whole number from 1000 to 3600000',
    unit: 'ms',
    default: '72000',
    example: '15000',
    secret: false,
    parse: wholeNumber(1_000, 3_600_000),
  }),
  callsOfKey: key({
    name: 'HOOKWIRE_CALLS_PER_SECOND_OF_KEY',
    description:
      "Calls that an account's key, a person or a portal link may make a second, on average; 5 seconds' worth may come at once. Events that are handed in do not count: `HOOKWIRE_LIMIT_EVENTS_PER_SECOND` is for them. Operators' keys have no such limit.",
    shape: 'whole number from 1 to 1000000, or `off`',
    unit: 'calls a second',
    default: '200',
    example: '50',
    secret: false,
    parse: wholeNumberOrOff(1, 1_000_000),
  }),
  callsOfAddress: key({
    name: 'HOOKWIRE_CALLS_PER_SECOND_OF_ADDRESS',
    description:
      "Calls that are taken from one address (of IPv6: one /64) a second, on average, whoever makes them; 5 seconds' worth may come at once. Events that are handed in and health checks do not count. Behind a proxy set `HOOKWIRE_TRUSTED_PROXIES`, or all clients have one address.",
    shape: 'whole number from 1 to 1000000, or `off`',
    unit: 'calls a second',
    default: '1000',
    example: '200',
    secret: false,
    parse: wholeNumberOrOff(1, 1_000_000),
  }),
  refusedCallsOfAddress: key({
    name: 'HOOKWIRE_REFUSED_CALLS_PER_SECOND',
    description:
      "Calls with a key, link or cookie that nobody knows, of one address, that are looked up a second, on average; 10 seconds' worth may come at once. Those beyond it are answered 429 without a look-up.",
    shape: 'whole number from 1 to 1000000, or `off`',
    unit: 'calls a second',
    default: '50',
    example: '10',
    secret: false,
    parse: wholeNumberOrOff(1, 1_000_000),
  }),
};
