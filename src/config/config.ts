import { availableParallelism } from 'node:os';
import { type LimitValues, limitNames } from '../core/account-limits.ts';
import type { KeepDays } from '../core/keeping.ts';
import { readValues, type Values } from './environment.ts';
import { inheritedSocket } from './inherited-socket.ts';
import type { LogLevel } from './keys/telemetry-keys.ts';
import { limitKeyId } from './limit-keys.ts';
import type { NameServer, ProxyAddress } from './parsers.ts';

/** How one gateway runs; read-only to its depths. Sizes are bytes, durations milliseconds. */
export interface Config {
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** A file descriptor that is listened on instead of host and port; `null`: there is none. */
    readonly inheritedSocket: number | null;
    readonly maxBodyBytes: number;
    /** CIDR ranges whose `X-Forwarded-For` is believed. */
    readonly trustedProxies: readonly string[];
    readonly connections: { readonly most: number; readonly mostOfAddress: number };
    readonly deadlines: {
      readonly headersMs: number;
      readonly requestMs: number;
      readonly keepAliveMs: number;
    };
    /** Calls a second; `null`: as many as come. */
    readonly callRates: {
      readonly ofKey: number | null;
      readonly ofAddress: number | null;
      readonly refusedOfAddress: number | null;
    };
  };
  readonly portal: {
    /** Origins whose pages may show the portal in a frame. */
    readonly frameOrigins: readonly string[];
    /** An origin; `null`: the address that the gateway listens on. */
    readonly publicUrl: string | null;
    /** The provider of OpenID Connect; its secret is among the secrets. `null`: there is none. */
    readonly oidc: { readonly issuer: string; readonly clientId: string; readonly name: string } | null;
  };
  /** An absolute path. */
  readonly storage: {
    readonly dataDir: string;
    /** Of PostgreSQL; `null`: the embedded database. */
    readonly databaseUrl: string | null;
    /** The same database past any pooler; `null`: the embedded database. */
    readonly databaseDirectUrl: string | null;
    /** With PostgreSQL at most, beside the couriers' and the one that listens. */
    readonly databaseConnections: number;
  };
  /** Events that wait for their commit at most. */
  readonly intake: { readonly mostDeliveries: number };
  readonly limits: {
    /** Of each account that has no limit of its own; `null` is no limit. */
    readonly ofAccount: LimitValues;
    /** Tests of webhooks under way over all accounts at most. */
    readonly maxTests: number;
    /** Live streams open over all accounts at most. */
    readonly maxLiveStreams: number;
  };
  /** In days; 0: for ever. Payload and log are of each account that has no time of its own. */
  readonly keep: KeepDays & { readonly auditDays: number };
  readonly delivery: {
    /** Requests under way over all webhooks at most. */
    readonly maxInFlight: number;
    /** Threads that send. */
    readonly couriers: number;
    /** CIDR ranges that outgoing requests may reach beside the public internet. */
    readonly allowNetworks: readonly string[];
    /** Domains whose names exist inside of the operator's network alone. */
    readonly insideDomains: readonly string[];
    /** How long nothing but failures lets a webhook be disabled. */
    readonly disableAfterMs: number;
    readonly shutdownTimeoutMs: number;
  };
  /** How names are looked up; what is absent is as the machine has it. */
  readonly names: { readonly servers?: readonly NameServer[] };
  readonly egress: {
    /** The way out for outgoing connections; who calls it is among the secrets. `null`: they are direct. */
    readonly proxy: Omit<ProxyAddress, 'user'> | null;
    /** What is called directly all the same. */
    readonly except: readonly string[];
    /** A file with certificates that are trusted beside those of public authorities; an absolute path. */
    readonly caFile: string | null;
  };
  readonly log: { readonly level: LogLevel };
  readonly traces: {
    /** The collector's URL; `null`: nothing is traced. */
    readonly endpoint: string | null;
    /** The share of events that is traced, 0 … 1. */
    readonly ratio: number;
  };
  /** Apart from the rest, so that the rest can be shown. */
  readonly secrets: {
    readonly operatorKey: string | null;
    readonly masterKey: string | null;
    readonly previousMasterKeys: readonly string[];
    readonly oidcClientSecret: string | null;
    readonly egressProxyUser: ProxyAddress['user'];
    /** Header fields for the traces' collector. */
    readonly traceHeaders: Readonly<Record<string, string>>;
  };
}

const hourMs = 3_600_000;

/**
 * Reads the configuration.
 *
 * @throws {ConfigError} with every problem at once
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const values = readValues(env);
  return deepFreeze({
    http: {
      host: values.host,
      port: values.port,
      inheritedSocket: inheritedSocket(env),
      maxBodyBytes: values.maxBodyBytes,
      trustedProxies: values.trustedProxies,
      connections: { most: values.maxConnections, mostOfAddress: values.maxConnectionsOfAddress },
      deadlines: {
        headersMs: values.headersTimeoutMs,
        requestMs: values.requestTimeoutMs,
        keepAliveMs: values.keepAliveTimeoutMs,
      },
      callRates: {
        ofKey: values.callsOfKey,
        ofAddress: values.callsOfAddress,
        refusedOfAddress: values.refusedCallsOfAddress,
      },
    },
    portal: {
      frameOrigins: values.portalFrameOrigins,
      publicUrl: values.publicUrl,
      oidc: oidcOf(values),
    },
    storage: {
      dataDir: values.dataDir,
      databaseUrl: values.databaseUrl,
      databaseDirectUrl: values.databaseDirectUrl ?? values.databaseUrl,
      databaseConnections: values.databaseConnections,
    },
    intake: { mostDeliveries: values.intakeQueue },
    limits: {
      ofAccount: Object.fromEntries(
        limitNames.map((name) => [name, values[limitKeyId(name)]]),
      ) as LimitValues,
      maxTests: values.maxTests,
      maxLiveStreams: values.maxLiveStreams,
    },
    keep: {
      payloadDays: values.keepPayloadDays,
      logDays: values.keepLogDays,
      auditDays: values.keepAuditDays,
    },
    delivery: {
      maxInFlight: values.maxInFlight,
      couriers: values.couriers ?? Math.max(1, availableParallelism() - 1),
      allowNetworks: values.allowNetworks,
      insideDomains: values.insideDomains,
      disableAfterMs: values.disableAfterHours * hourMs,
      shutdownTimeoutMs: values.shutdownTimeoutMs,
    },
    names: values.dnsServers === null ? {} : { servers: values.dnsServers },
    egress: {
      proxy: values.egressProxy && withoutUser(values.egressProxy),
      except: values.egressProxyExcept,
      caFile: values.caFile,
    },
    log: { level: values.logLevel },
    traces: { endpoint: values.otlpEndpoint, ratio: values.traceRatio },
    secrets: {
      operatorKey: values.operatorKey,
      masterKey: values.masterKey,
      previousMasterKeys: values.previousMasterKeys ?? [],
      oidcClientSecret: values.oidcClientSecret,
      egressProxyUser: values.egressProxy?.user ?? null,
      traceHeaders: values.otlpHeaders ?? {},
    },
  });
}

function oidcOf({ oidcIssuer, oidcClientId, oidcName }: Values): Config['portal']['oidc'] {
  if (oidcIssuer === null || oidcClientId === null) return null;
  return { issuer: oidcIssuer, clientId: oidcClientId, name: oidcName };
}

function withoutUser({ secure, hostname, port }: ProxyAddress): Omit<ProxyAddress, 'user'> {
  return { secure, hostname, port };
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
