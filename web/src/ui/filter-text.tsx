import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

export interface FilterTextProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  readonly value: string;
  readonly onCommit: (value: string) => void;
  /** What cannot be a value is not handed on. */
  readonly accepts?: (value: string) => boolean;
}

const pauseMs = 400;

/** A filter that is typed: it counts once the typing rests, or with Enter. */
export function FilterText({ value, onCommit, accepts = () => true, ...others }: FilterTextProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The URL has changed by other means: it counts.
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  function commit(text: string) {
    clearTimeout(timer.current);
    const whole = text.trim();
    if (whole === value || (whole !== '' && !accepts(whole))) return;
    // Its own answer must not disturb what is typed meanwhile.
    setKnown(whole);
    onCommit(whole);
  }

  return (
    <TextInput
      {...others}
      value={typed}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => commit(text), pauseMs);
      }}
      onBlur={() => commit(typed)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(typed);
      }}
    />
  );
}
