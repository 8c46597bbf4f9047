import { buildConnector } from 'undici';
import type { Shortage } from '../../core/shortage.ts';
import { shortageOf } from '../../core/shortage-of.ts';
import { lookupBy } from './lookup.ts';
import type { Names } from './names.ts';

/**
 * How undici connects with what the operator runs (a collector of traces, a provider of sign-ins): names are found by the
 * gateway's own resolver, and no guard stands before it.
 *
 * @param onShortage the machine had too little of this for a connection
 */
export function operatorConnect(
  names: Pick<Names, 'resolve'>,
  onShortage: (of: Shortage) => void,
): buildConnector.connector {
  const connect = buildConnector({ lookup: lookupBy(names, { account: null }), autoSelectFamily: true });
  return (options, callback) =>
    connect(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      const shortage = error && shortageOf(error);
      if (shortage) onShortage(shortage);
      if (error) callback(error, null);
      else callback(null, socket);
    });
}
