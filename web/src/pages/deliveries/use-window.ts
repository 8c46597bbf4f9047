import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Rows beside those in view, so that scrolling shows no gaps. */
const margin = 12;
/** Where the height is not known yet. */
const assumedHeight = 720;

export interface RowWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** The rows to draw: from `first` up to, not with, `end`. */
  readonly first: number;
  readonly end: number;
  readonly onScroll: () => void;
  /** Scrolls so far that a row is in view. */
  readonly reveal: (row: number) => void;
}

/** Which rows of a long list are drawn; each is `rowHeight` px high, below a head of `headHeight`. */
export function useRowWindow(count: number, rowHeight: number, headHeight: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState(0);
  const [height, setHeight] = useState(assumedHeight);

  function look() {
    const top = scroller.current?.scrollTop ?? 0;
    // In steps, so that not every pixel draws the list again.
    setFirst(Math.max(0, Math.floor(top / rowHeight / 6) * 6 - margin));
  }

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setHeight(element.clientHeight || assumedHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // A list that became shorter may have scrolled itself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks again when the count changes
  useEffect(look, [count]);

  return {
    scroller,
    first: Math.min(first, Math.max(0, count - 1)),
    end: Math.min(count, first + Math.ceil(height / rowHeight) + 2 * margin + 6),
    onScroll: look,
    reveal(row) {
      const element = scroller.current;
      if (!element) return;
      const top = row * rowHeight;
      const bottom = top + rowHeight + headHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight) {
        element.scrollTop = bottom - element.clientHeight;
      }
    },
  };
}
