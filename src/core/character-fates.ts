/** What becomes of each character of a text: it stays, or becomes a bullet, or goes with the one before it. */
export interface CharacterFates {
  hide(from: number, to: number): void;
  /** Hides what is written in several characters as one bullet. */
  hideAsOne(from: number, length: number): void;
  /** The text itself where nothing was hidden. */
  shown(): string;
}

const kept = 0;
const hidden = 1;
const dropped = 2;

export function createCharacterFates(text: string): CharacterFates {
  // Made when something is hidden, which in most texts nothing is.
  let fates: Uint8Array | null = null;

  function made(): Uint8Array {
    fates ??= new Uint8Array(text.length);
    return fates;
  }

  return {
    hide(from, to) {
      const all = made();
      for (let at = from; at < to; at++) all[at] = hidden;
    },
    hideAsOne(from, length) {
      const all = made();
      // What goes with a digit before it is hidden already.
      if (all[from] !== dropped) all[from] = hidden;
      for (let at = from + 1; at < from + length; at++) all[at] = dropped;
    },
    shown() {
      if (!fates) return text;
      let shown = '';
      let at = 0;
      while (at < text.length) {
        const fate = fates[at];
        const start = at;
        while (at < text.length && fates[at] === fate) at++;
        if (fate === kept) shown += text.slice(start, at);
        else if (fate === hidden) shown += '•'.repeat(at - start);
      }
      return shown;
    },
  };
}
