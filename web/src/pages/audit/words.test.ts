import { describe, expect, it } from 'vitest';
import { actionChoices, wordsOf } from './action-words.ts';
import { changeInWords } from './change-words.ts';

describe('what the audit log says', () => {
  it('is a sentence that goes on after the name', () => {
    expect(wordsOf('webhook.secretRotated').did).toBe('rotated the signing secret of the webhook');
  });

  it('is the action as it stands where a newer gateway knows more', () => {
    expect(wordsOf('moon.landed')).toEqual({ did: 'moon.landed', after: '' });
  });

  it('offers what happens to accounts where the whole gateway is looked at', () => {
    const groups = (whole: boolean) => actionChoices(whole).map(({ group }) => group);
    expect(groups(true)).toContain('Accounts');
    expect(groups(false)).not.toContain('Accounts');
  });

  it.each([
    [
      { field: 'url', from: null, to: 'https://a.example/' },
      'Webhook (URL Endpoint)',
      null,
      'https://a.example/',
    ],
    [{ field: 'customHeaders.X-Api-Key', from: '••••', to: null }, 'Custom header X-Api-Key', '••••', null],
    [{ field: 'settings.retry.maxAttempts', from: 11, to: 5 }, 'Attempts', '11', '5'],
    [{ field: 'scopes', from: null, to: ['admin', 'events:write'] }, 'Scopes', null, 'admin, events:write'],
    [{ field: 'settings.ordered', from: false, to: true }, 'Order', 'no', 'yes'],
    [{ field: 'settings.timeoutMs', from: 15_000, to: 5_000 }, 'Timeout', '15,000 ms', '5,000 ms'],
    [{ field: 'parameterNames.messageId', from: 'a', to: 'b' }, 'Message ID Parameter', 'a', 'b'],
    [{ field: 'limits.eventsPerSecond', from: null, to: 50 }, 'Limit: events per second', null, '50'],
    [{ field: 'product', from: 'sms', to: 'hookwire' }, 'Product', 'SMS', 'Alerts'],
    [
      { field: 'settings.batch', from: null, to: { maxItems: 100, maxWaitMs: 500, maxBytes: 921_600 } },
      'Reports in one request',
      null,
      'reports in one request 100, longest wait 500 ms, largest request 921600',
    ],
  ])('names the field of %j as the forms do', (change, field, from, to) => {
    expect(changeInWords(change)).toEqual({ field, from, to });
  });
});
