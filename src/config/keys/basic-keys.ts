import { key } from '../config-key.ts';
import {
  directory,
  hostName,
  masterKey,
  masterKeyList,
  postgresUrl,
  secretText,
  wholeNumber,
} from '../parsers.ts';

const shortestOperatorKey = 16;

/** Where the gateway listens and keeps its data, and the keys to it. */
export const basicKeys = {
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
  databaseUrl: key<string | null>({
    name: 'HOOKWIRE_DATABASE_URL',
    description:
      'Keeps everything in this PostgreSQL (15 or later) instead of the embedded database. Gateways on the same database share the work, with the same HOOKWIRE_MASTER_KEY.',
    shape: 'connection string, postgres://…',
    unit: null,
    default: null,
    absent: 'The embedded database in `HOOKWIRE_DATA_DIR` is used.',
    example: 'postgres://hookwire:secret@db.example.com:5432/hookwire?sslmode=verify-full',
    secret: true,
    parse: postgresUrl,
  }),
  databaseDirectUrl: key<string | null>({
    name: 'HOOKWIRE_DATABASE_DIRECT_URL',
    description:
      'Where `HOOKWIRE_DATABASE_URL` leads to a pooler that gives each transaction another connection (PgBouncer in transaction mode): the same database past it. Used for what needs a connection of its own: one that listens to the other gateways (LISTEN), and migrations.',
    shape: 'connection string, postgres://…',
    unit: null,
    default: null,
    absent: '`HOOKWIRE_DATABASE_URL` is used.',
    example: 'postgres://hookwire:secret@db-1.example.com:5432/hookwire?sslmode=verify-full',
    secret: true,
    parse: postgresUrl,
  }),
  databaseConnections: key({
    name: 'HOOKWIRE_DATABASE_CONNECTIONS',
    description:
      'Connections with PostgreSQL at most, shared out to what takes events, what is asked, and what is ordinary. Each courier (`HOOKWIRE_COURIERS`) has one more, and so has what listens to the other gateways.',
    shape: 'whole number from 9 to 200',
    unit: null,
    default: '16',
    example: '30',
    secret: false,
    parse: wholeNumber(9, 200),
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
      'Master keys that were in use before `HOOKWIRE_MASTER_KEY`. What they encrypted can be read, and is encrypted anew with the current one; then they can be taken away.',
    shape: 'master keys, separated by commas',
    unit: null,
    default: null,
    absent: 'Only the current master key is tried.',
    example: 'mS4mTg1m0b3v8rJ5o0bq3EkT0cFvC1x0WkqXJw2c9vQ=',
    secret: true,
    parse: masterKeyList,
  }),
};
