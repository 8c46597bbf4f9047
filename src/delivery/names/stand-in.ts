import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { Names } from './names.ts';

type ResolveCallback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** Finds every address of a name, as `dns.lookup` does with `all: true`: what a test puts in the place of name servers. */
export type Resolve = (hostname: string, options: LookupAllOptions, callback: ResolveCallback) => void;

/** Names that somebody else finds. */
export function standInNames(resolve: Resolve): Names {
  return {
    resolve: (host, { onTurn }) =>
      new Promise((settle) => {
        onTurn?.();
        resolve(host.replace(/\.$/, ''), { all: true }, (error, addresses) => {
          if (error) settle({ error });
          else
            settle({
              addresses: addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })),
            });
        });
      }),
    close() {},
  };
}
