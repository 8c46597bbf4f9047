// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { keyActOf, moved } from './keys.ts';

function press(key: string, inside = '<p>text</p>', changes: object = {}) {
  document.body.innerHTML = inside;
  const target =
    document.body.firstElementChild?.querySelector('[data-here]') ?? document.body.firstElementChild;
  return keyActOf({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    defaultPrevented: false,
    target,
    ...changes,
  });
}

describe('a key', () => {
  it.each([
    ['ArrowDown', 'next'],
    ['ArrowUp', 'previous'],
    ['Enter', 'open'],
    ['r', 'replay'],
    ['?', 'help'],
    ['Escape', 'close'],
    ['x', null],
  ])('%s means %s', (key, act) => {
    expect(press(key)).toBe(act);
  });

  it('belongs to a field, a dialog or a menu that it is pressed in', () => {
    expect(press('r', '<input>')).toBeNull();
    expect(press('ArrowDown', '<textarea></textarea>')).toBeNull();
    expect(press('?', '<div role="dialog"><button data-here>x</button></div>')).toBeNull();
    expect(press('Escape', '<div role="listbox"><p data-here>x</p></div>')).toBeNull();
  });

  it('scrolls a body that has the focus, and presses a button that has it', () => {
    expect(press('ArrowDown', '<pre role="region" tabindex="0">body</pre>')).toBeNull();
    expect(press('r', '<pre role="region" tabindex="0">body</pre>')).toBe('replay');
    expect(press('Enter', '<button>x</button>')).toBeNull();
  });

  it('is left to the browser with Ctrl, Alt or the command key', () => {
    for (const held of ['ctrlKey', 'metaKey', 'altKey']) {
      expect(press('r', '<p>text</p>', { [held]: true })).toBeNull();
    }
  });
});

describe('a step through the list', () => {
  it('goes up and down, and stays at the ends', () => {
    expect(moved(['a', 'b', 'c'], 'a', 1)).toBe('b');
    expect(moved(['a', 'b', 'c'], 'b', -1)).toBe('a');
    expect(moved(['a', 'b', 'c'], 'c', 1)).toBe('c');
    expect(moved(['a', 'b', 'c'], 'a', -1)).toBe('a');
  });

  it('begins at the top where there is nothing to start from', () => {
    expect(moved(['a', 'b'], null, 1)).toBe('a');
    expect(moved(['a', 'b'], 'gone', -1)).toBe('a');
    expect(moved([], null, 1)).toBeNull();
  });
});
