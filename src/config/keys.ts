import {
  cidrList,
  directory,
  headerList,
  hostName,
  masterKey,
  masterKeyList,
  notYet,
  oneOf,
  origin,
  originList,
  type Parser,
  secretText,
  serviceUrl,
  share,
  shortText,
  wholeNumber,
} from './parsers.ts';

/** One configuration key. The reference page, `hookwire config` and the errors are made from this. */
export interface ConfigKey<T> {
  readonly name: `HOOKWIRE_${string}`;
  /** What it does, in plain words. */
  readonly description: string;
  /** What a value looks like, for the reference page. */
  readonly shape: string;
  /** `ms`, `bytes`, … ; `null` where there is none. */
  readonly unit: string | null;
  /** The text that stands for an absent value; `null`: there is none, and `absent` says what happens. */
  readonly default: string | null;
  /** What happens without a value, where there is no default. */
  readonly absent?: string;
  readonly example: string;
  /** A secret is never shown and never logged. */
  readonly secret: boolean;
  readonly parse: Parser<T>;
}

function key<T>(declared: ConfigKey<T>): ConfigKey<T> {
  return declared;
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const shortestOperatorKey = 16;

/** Every key that Hookwire reads, declared once, in the order of the reference page. */
export const configKeys = {
  host: key({
    name: 'HOOKWIRE_HOST',
    description: 'The address to listen on. 0.0.0.0 listens on every interface.',
    shape: 'host name or IP address',
    unit: null,
    default: '127.0.0.1',
    example: '0.0.0.0',
    secret: false,
    parse: hostName,
  }),
  port: key({
    name: 'HOOKWIRE_PORT',
    description: 'The port to listen on; 0 takes any free one.',
    shape: 'whole number from 0 to 65535',
    unit: null,
    default: '8080',
    example: '8443',
    secret: false,
    parse: wholeNumber(0, 65_535),
  }),
  dataDir: key({
    name: 'HOOKWIRE_DATA_DIR',
    description: 'The directory of the embedded database. It is made if it does not exist.',
    shape: 'path',
    unit: null,
    default: './data',
    example: '/var/lib/hookwire',
    secret: false,
    parse: directory,
  }),
  databaseUrl: key<null>({
    name: 'HOOKWIRE_DATABASE_URL',
    description: 'Reserved for PostgreSQL. This version refuses to start when it is set.',
    shape: 'not supported yet',
    unit: null,
    default: null,
    absent: 'The embedded database in `HOOKWIRE_DATA_DIR` is used.',
    example: 'postgres://hookwire@db.example.com/hookwire',
    secret: true,
    parse: notYet(
      'is not supported by this version: remove it to use the embedded database in HOOKWIRE_DATA_DIR',
    ),
  }),
  operatorKey: key({
    name: 'HOOKWIRE_OPERATOR_KEY',
    description: "The operator's API key: it may do everything.",
    shape: `at least ${shortestOperatorKey} visible ASCII characters`,
    unit: null,
    default: null,
    absent: 'The first start makes one and prints it once.',
    example: 'op_9f2c61d07be84a3f',
    secret: true,
    parse: secretText(shortestOperatorKey),
  }),
  masterKey: key({
    name: 'HOOKWIRE_MASTER_KEY',
    description:
      'Encrypts signing secrets and header values at rest. Make one with `openssl rand -base64 32` and keep a copy apart from the backups.',
    shape: '32 random bytes in base64 or hex, or a passphrase of at least 16 characters',
    unit: null,
    default: null,
    absent:
      'One is made at the first start, in the file `master.key` of the data directory, readable by its owner only.',
    example: 'kT0cFvC1x0WkqXJw2c9vQmS4mTg1m0b3v8rJ5o0bq3E=',
    secret: true,
    parse: masterKey,
  }),
  previousMasterKeys: key({
    name: 'HOOKWIRE_MASTER_KEY_PREVIOUS',
    description:
      'Master keys that were in use before `HOOKWIRE_MASTER_KEY`, so that what they encrypted can still be read.',
    shape: 'master keys, separated by commas',
    unit: null,
    default: null,
    absent: 'Only the current master key is tried.',
    example: 'mS4mTg1m0b3v8rJ5o0bq3EkT0cFvC1x0WkqXJw2c9vQ=',
    secret: true,
    parse: masterKeyList,
  }),
  allowNetworks: key<readonly string[]>({
    name: 'HOOKWIRE_ALLOW_NETWORKS',
    description:
      'Address ranges that webhooks may call although they are private, loopback or otherwise refused. Keep it as narrow as possible.',
    shape: 'CIDR ranges, separated by commas',
    unit: null,
    default: '',
    example: '127.0.0.0/8,10.20.0.0/16',
    secret: false,
    parse: cidrList,
  }),
  maxBodyBytes: key({
    name: 'HOOKWIRE_MAX_BODY_BYTES',
    description: 'The largest request body that the API takes; a larger one is answered 413.',
    shape: 'whole number from 1024 to 67108864',
    unit: 'bytes',
    default: '4194304',
    example: '8388608',
    secret: false,
    parse: wholeNumber(1_024, 67_108_864),
  }),
  publicUrl: key({
    name: 'HOOKWIRE_PUBLIC_URL',
    description:
      'Where people reach the portal: links are made with it, OIDC returns to it, and with https the cookie is for https alone. Set it behind a proxy.',
    shape: 'http or https origin, without a path',
    unit: null,
    default: null,
    absent: 'The address that the gateway listens on.',
    example: 'https://hooks.example.com',
    secret: false,
    parse: origin,
  }),
  trustedProxies: key<readonly string[]>({
    name: 'HOOKWIRE_TRUSTED_PROXIES',
    description:
      "Address ranges of proxies whose `X-Forwarded-For` is believed, so that sign-ins are counted, and the audit log is written, with the client's own address.",
    shape: 'CIDR ranges, separated by commas',
    unit: null,
    default: '',
    example: '10.0.0.0/8',
    secret: false,
    parse: cidrList,
  }),
  portalFrameOrigins: key<readonly string[]>({
    name: 'HOOKWIRE_PORTAL_FRAME_ORIGINS',
    description:
      "Origins of the platform's own pages that may show the portal in a frame. Nobody else's page can.",
    shape: 'origins, separated by commas',
    unit: null,
    default: '',
    example: 'https://console.example.com',
    secret: false,
    parse: originList,
  }),
  oidcIssuer: key({
    name: 'HOOKWIRE_OIDC_ISSUER',
    description:
      'A provider of OpenID Connect by which invited people may sign in. Its discovery document is read from `/.well-known/openid-configuration` under it.',
    shape: 'http or https URL',
    unit: null,
    default: null,
    absent: 'People sign in with e-mail and password.',
    example: 'https://login.example.com/realms/acme',
    secret: false,
    parse: serviceUrl,
  }),
  oidcClientId: key({
    name: 'HOOKWIRE_OIDC_CLIENT_ID',
    description: 'What the provider knows the gateway as. Needed with `HOOKWIRE_OIDC_ISSUER`.',
    shape: 'visible ASCII characters',
    unit: null,
    default: null,
    absent: 'There is no sign-in by OIDC.',
    example: 'hookwire',
    secret: false,
    parse: secretText(1),
  }),
  oidcClientSecret: key({
    name: 'HOOKWIRE_OIDC_CLIENT_SECRET',
    description: "The gateway's secret at the provider. Needed with `HOOKWIRE_OIDC_ISSUER`.",
    shape: 'visible ASCII characters',
    unit: null,
    default: null,
    absent: 'There is no sign-in by OIDC.',
    example: '8f14e45fceea167a5a36dedd4bea2543',
    secret: true,
    parse: secretText(1),
  }),
  oidcName: key({
    name: 'HOOKWIRE_OIDC_NAME',
    description: 'What the sign-in page calls the provider.',
    shape: 'text of at most 40 characters',
    unit: null,
    default: 'single sign-on',
    example: 'Acme Login',
    secret: false,
    parse: shortText(40),
  }),
  intakeQueue: key({
    name: 'HOOKWIRE_INTAKE_QUEUE',
    description:
      'Events that may wait for their commit at once. Beyond it the API answers 503 with Retry-After; nothing that was accepted is lost.',
    shape: 'whole number from 1000 to 1000000',
    unit: 'events',
    default: '20000',
    example: '50000',
    secret: false,
    parse: wholeNumber(1_000, 1_000_000),
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
      'How long requests that are under way may take to end after SIGTERM. What has not ended by then is sent again after the next start.',
    shape: 'whole number from 0 to 600000',
    unit: 'ms',
    default: '20000',
    example: '5000',
    secret: false,
    parse: wholeNumber(0, 600_000),
  }),
  logLevel: key({
    name: 'HOOKWIRE_LOG_LEVEL',
    description: 'The least important log lines that are written.',
    shape: logLevels.join(', '),
    unit: null,
    default: 'info',
    example: 'debug',
    secret: false,
    parse: oneOf(logLevels),
  }),
  otlpEndpoint: key({
    name: 'HOOKWIRE_OTLP_ENDPOINT',
    description:
      'An OpenTelemetry collector that takes OTLP over HTTP (JSON). Traces go to `/v1/traces` under it: one for each event, from its acceptance to its last attempt.',
    shape: 'http or https URL',
    unit: null,
    default: null,
    absent: 'There are no traces, and they cost nothing.',
    example: 'http://127.0.0.1:4318',
    secret: false,
    parse: serviceUrl,
  }),
  otlpHeaders: key({
    name: 'HOOKWIRE_OTLP_HEADERS',
    description: 'Header fields for the collector, for instance its key.',
    shape: 'name=value, separated by commas',
    unit: null,
    default: null,
    absent: 'None are sent.',
    example: 'x-api-key=3f9c61d07be84a2e',
    secret: true,
    parse: headerList,
  }),
  traceRatio: key({
    name: 'HOOKWIRE_TRACE_RATIO',
    description:
      'The share of events that is traced, where there is a collector. Every span costs some 5 µs: with thousands of events a second take 0.01.',
    shape: 'number from 0 to 1',
    unit: null,
    default: '1',
    example: '0.01',
    secret: false,
    parse: share,
  }),
};

export type ConfigKeyId = keyof typeof configKeys;
