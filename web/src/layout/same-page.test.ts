import { describe, expect, it } from 'vitest';
import { samePageIn } from './same-page.ts';

describe('the same page in another account', () => {
  it('is the list that one looks at', () => {
    expect(samePageIn('globex', '/a/acme/deliveries')).toBe('/a/globex/deliveries');
  });

  it('is the list where one looks at a thing that the other account does not have', () => {
    expect(samePageIn('globex', '/a/acme/webhooks/wh_1/edit')).toBe('/a/globex/webhooks');
  });

  it('is the webhooks where one comes from no account', () => {
    expect(samePageIn('globex', '/accounts')).toBe('/a/globex/webhooks');
    expect(samePageIn('globex', '/a/acme')).toBe('/a/globex/webhooks');
  });
});
