import { describe, expect, it } from 'vitest';
import { webhookOf } from '../../../testing/webhook.ts';
import { goReceiver } from './go.ts';
import { planOf } from './plan.ts';

describe('the plan of a receiver', () => {
  it('answers what counts as delivered, with a body where one is asked for', () => {
    const answer = (codes: number[] | null, bodyContains: string | null = null) =>
      planOf(webhookOf({}, { success: { codes, bodyContains } })).answer;
    expect(answer(null)).toEqual({ status: 200, body: 'ok' });
    expect(answer([202, 200], 'Got it')).toEqual({ status: 200, body: 'Got it' });
    expect(answer([204])).toEqual({ status: 204, body: '' });
    expect(answer([204, 202], 'Got it')).toEqual({ status: 202, body: 'Got it' });
  });

  it('shows nothing twice by one name, which Go and others refuse', () => {
    const plan = planOf(webhookOf({ customParameters: [{ name: 'messageId', value: 'x' }] }));
    const keys = plan.fields.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(plan.fields.at(-1)).toEqual({ key: 'custom messageId', name: 'messageId' });
  });

  it('says in its first line what it is for, without the query of the URL', () => {
    const code = goReceiver(planOf(webhookOf({ url: 'https://me:pw@example.com/dlr?key=s3cret#x' })));
    expect(code.split('\n', 1)[0]).toBe(
      '// Receives SMS delivery reports at https://example.com/dlr (POST with JSON).',
    );
    expect(code).not.toContain('s3cret');
  });
});
