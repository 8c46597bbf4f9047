import { useRef } from 'react';

/**
 * An `Idempotency-Key` that stays the same as long as what is sent does: pressing Save again after an answer that did
 * not arrive makes no second one.
 */
export function useCallKey(): (body: unknown) => string {
  const last = useRef({ text: '', key: '' });
  return (body) => {
    const text = JSON.stringify(body);
    if (last.current.key === '' || last.current.text !== text) last.current = { text, key: newKey() };
    return last.current.key;
  };
}

/** `crypto.randomUUID` is there on secure pages only. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
