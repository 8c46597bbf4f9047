import { type FocusEvent, type PointerEvent, useState } from 'react';

export interface Reading {
  /** Somebody reads the list: nothing in it may move. */
  readonly reading: boolean;
  /** The list was scrolled, or is another one (`null`: it begins at the top). */
  readonly noteScroll: (list: HTMLElement | null) => void;
  /** For the element around the list. */
  readonly watch: {
    onPointerEnter(event: PointerEvent): void;
    onPointerLeave(): void;
    onFocus(event: FocusEvent): void;
    onBlur(event: FocusEvent): void;
  };
}

const slackPx = 4;

/** Whether somebody reads: has scrolled, looks at one, points at the list or goes through it with the keys. */
export function useReading(selected: boolean): Reading {
  const [scrolled, setScrolled] = useState(false);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  return {
    reading: selected || scrolled || pointed || focused,
    noteScroll(list) {
      setScrolled(list !== null && list.scrollTop > slackPx);
      // A row that had the focus may have left with what is not in view any more.
      setFocused((before) => before && list?.contains(document.activeElement) === true);
    },
    watch: {
      // A finger that has left still counts as there.
      onPointerEnter: ({ pointerType }) => setPointed(pointerType === 'mouse'),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setFocused(false);
      },
    },
  };
}
