import type { QueuedDelivery } from '../core/delivery.ts';
import type { CompiledWebhook } from '../rendering/compile.ts';
import { usualSize } from './lanes/memory.ts';

/** No character becomes more bytes: `&quot;`, `\u0000`. */
const mostBytesOfCharacter = 6;
/** A flat message has a caption as `text`, as `caption` and in the whole `message`. */
const mostPlaces = { dlr: 1, mo: 3, operations: 1 } as const;
/** Times that are written, names that the gateway gives and what surrounds a value. */
const surroundings = 1_000;

/**
 * Tells for one delivery after another whether it still fits into a list of `mostBytes`, as rendered; the first always does.
 * A list that cannot be too large by what the store knows of its reports is not measured: 100 usual delivery reports are not.
 */
export function fillList(
  compiled: CompiledWebhook,
  mostBytes: number,
): (delivery: QueuedDelivery) => boolean {
  const { list, config } = compiled;
  if (!list) return () => true;
  const one = Buffer.byteLength(list(['']));
  const each = Buffer.byteLength(list(['', ''])) - one;
  const eachTimes = mostBytesOfCharacter * mostPlaces[config.reportType];
  const own = JSON.stringify([config.parameterNames, config.customParameters]).length;
  const within: QueuedDelivery[] = [];
  let most = one;
  let measured: number | null = null;

  const bytesOf = ({ event }: QueuedDelivery): number =>
    Buffer.byteLength(compiled.writeObject(event)) + each;

  return (delivery) => {
    if (measured === null) {
      most += eachTimes * ((delivery.size ?? usualSize) + own) + surroundings + each;
      if (most <= mostBytes) {
        within.push(delivery);
        return true;
      }
      measured = within.reduce((sum, each) => sum + bytesOf(each), one - each);
    }
    const next = measured + bytesOf(delivery);
    if (next > mostBytes && within.length > 0) return false;
    measured = next;
    within.push(delivery);
    return true;
  };
}
