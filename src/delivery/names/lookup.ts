import type { LookupAddress, LookupOptions } from 'node:dns';
import type { Asking, Names } from './names.ts';

/** `dns.lookup` as `net.connect` and `tls.connect` call it. They do not for a host that is an IP address. */
export type Lookup = (
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/** A look-up by the gateway's own resolver. */
export function lookupBy(names: Pick<Names, 'resolve'>, asking: Asking): Lookup {
  return (hostname, options, callback) => {
    void names.resolve(hostname, asking).then((resolution) => {
      if ('error' in resolution) {
        callback(resolution.error, []);
        return;
      }
      const [first] = resolution.addresses;
      if (options.all || !first) callback(null, [...resolution.addresses]);
      else callback(null, first.address, first.family);
    });
  };
}
