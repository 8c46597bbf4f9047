import { getCACertificates } from 'node:tls';
import { type Authority, readAuthorities } from '../../config/authorities-file.ts';
import type { Config } from '../../config/config.ts';
import { type EgressProxy, proxyUrl } from './settings.ts';

/** How the gateway gets out, by its configuration: plain data. */
export interface EgressSettings {
  readonly proxy: EgressProxy | null;
  /** Certificates (PEM) to trust; `undefined`: the public authorities alone. */
  readonly ca: readonly string[] | undefined;
  /** Those of `HOOKWIRE_CA_FILE`. */
  readonly authorities: readonly Authority[];
}

/**
 * @param publicAuthorities what stands in for them in a test
 * @throws {ConfigError} when the file of the private authorities cannot be used
 */
export function egressOf(
  { egress, secrets }: Pick<Config, 'egress' | 'secrets'>,
  publicAuthorities?: string,
): EgressSettings {
  const authorities = egress.caFile === null ? [] : readAuthorities(egress.caFile);
  const added = authorities.map(({ pem }) => pem);
  const known = publicAuthorities === undefined ? undefined : [publicAuthorities];
  return {
    proxy: egress.proxy && {
      ...egress.proxy,
      authorization: secrets.egressProxyUser && basic(secrets.egressProxyUser),
      except: egress.except,
    },
    ca: added.length === 0 ? known : [...(known ?? getCACertificates('default')), ...added],
    authorities,
  };
}

function basic({ name, password }: { readonly name: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** As people are shown it, without secrets. */
export function shownProxy(proxy: EgressProxy) {
  return { url: proxyUrl(proxy), authenticates: proxy.authorization !== null, except: proxy.except };
}
