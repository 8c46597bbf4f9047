import { key } from '../config-key.ts';
import {
  directory,
  hostName,
  masterKey,
  masterKeyList,
  notYet,
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
