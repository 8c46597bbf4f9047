import { screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { renderPiece } from '../testing/render.tsx';
import { tokenIn, useHashToken } from './hash-token.ts';

function Shown() {
  return <p>{useHashToken()?.token ?? 'none'}</p>;
}

describe('the token of a link', () => {
  afterEach(() => window.history.replaceState(null, '', '/'));

  it('is read from behind the # and taken out of the address', () => {
    window.history.replaceState(null, '', '/setup?a=1#token=one-time');
    renderPiece(<Shown />);
    expect(screen.getByText('one-time')).toBeTruthy();
    expect(window.location.href).toMatch(/\/setup\?a=1$/);
  });

  it('comes with the page that a portal link opens', () => {
    const path = '/a/acme/deliveries?state=failed';
    expect(tokenIn(`#token=hwl_1&path=${encodeURIComponent(path)}`)).toEqual({ token: 'hwl_1', path });
  });

  it('may be missing', () => {
    expect(tokenIn('')).toBeNull();
    expect(tokenIn('#token=')).toBeNull();
    expect(tokenIn('#other=1')).toBeNull();
  });
});
