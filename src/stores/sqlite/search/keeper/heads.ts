/**
 * The next pairs of several inputs, of which the first is known: a tree of those that came behind another one, so that for each
 * pair as few are compared as it has levels.
 */
export interface Heads {
  /** The input whose pair is the first; -1: all have ended. */
  first(): number;
  /** The first pair of all other inputs. */
  readonly second: { term: number; seq: number };
  /** Finds out {@link second}. */
  findSecond(): void;
  /** The next pair of the input that was the first. */
  next(term: number, seq: number): void;
  /** The input that was the first has ended. */
  end(): void;
}

const ended = Number.POSITIVE_INFINITY;

/** @param terms of the first pair of each input, `seqs` its numbers */
export function createHeads(terms: Float64Array, seqs: Float64Array): Heads {
  const inputs = terms.length;
  /** Of each place, where two inputs meet, the one that comes later; of place n they come from 2n and 2n + 1. */
  const later = new Int32Array(inputs);
  let first = inputs === 0 ? -1 : arrange(1);
  const second = { term: ended, seq: 0 };

  function isBefore(a: number, b: number): boolean {
    const [left = 0, right = 0] = [terms[a], terms[b]];
    return left < right || (left === right && (seqs[a] ?? 0) < (seqs[b] ?? 0));
  }

  /** The first of those that meet in a place or below it. */
  function arrange(place: number): number {
    if (place >= inputs) return place - inputs;
    const [a, b] = [arrange(2 * place), arrange(2 * place + 1)];
    const isA = isBefore(a, b);
    later[place] = isA ? b : a;
    return isA ? a : b;
  }

  function play(): void {
    let best = first;
    let term = terms[best] ?? 0;
    let seq = seqs[best] ?? 0;
    for (let place = (best + inputs) >>> 1; place > 0; place >>>= 1) {
      const other = later[place] ?? 0;
      const otherTerm = terms[other] ?? 0;
      if (otherTerm > term) continue;
      const otherSeq = seqs[other] ?? 0;
      if (otherTerm === term && otherSeq >= seq) continue;
      later[place] = best;
      best = other;
      term = otherTerm;
      seq = otherSeq;
    }
    first = best;
  }

  return {
    first: () => (first >= 0 && terms[first] === ended ? -1 : first),
    second,
    findSecond() {
      second.term = ended;
      for (let place = (first + inputs) >>> 1; place > 0; place >>>= 1) {
        const other = later[place] ?? 0;
        const [term = 0, seq = 0] = [terms[other], seqs[other]];
        if (term > second.term || (term === second.term && seq >= second.seq)) continue;
        second.term = term;
        second.seq = seq;
      }
    },
    next(term, seq) {
      terms[first] = term;
      seqs[first] = seq;
      play();
    },
    end() {
      terms[first] = ended;
      seqs[first] = 0;
      play();
    },
  };
}
