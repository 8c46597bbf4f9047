import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/event.ts';
import { bounds, mostMessages } from '../../src/http/resources/webhooks/input/schema.ts';
import { completeSettings } from '../../src/http/resources/webhooks/input/settings.ts';
import { compileWebhook } from '../../src/rendering/compile.ts';
import { renderBatch } from '../../src/rendering/render.ts';
import { signingKey } from '../../src/rendering/sign.ts';
import { createSecret } from '../../src/rendering/signing-secret.ts';
import { bareEvent, renderedConfig } from '../../src/testing/rendering.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/delivery-settings.md'), 'utf8');
const blocks = [...guide.matchAll(/```(?:json|xml)\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const [defaults = '', setting = '', jsonList = '', xmlList = ''] = blocks;
const { batch } = JSON.parse(setting);

const number = (value: number) => value.toLocaleString('en-US');
const range = ({ minimum, maximum }: { minimum: number; maximum: number }) =>
  `${number(minimum)} to ${number(maximum)}`;

describe('the guide to delivery settings', () => {
  it('shows the defaults that a webhook gets', () => {
    expect(JSON.parse(defaults)).toEqual(completeSettings({}, 'JSON'));
  });

  it('explains every setting', () => {
    const names = Object.entries(completeSettings({}, 'JSON')).flatMap(([name, value]) =>
      ['retry', 'success'].includes(name) ? Object.keys(value).map((part) => `${name}.${part}`) : [name],
    );
    for (const name of names) expect(guide).toContain(`\`${name}\``);
  });

  it.each([
    ['timeoutMs', range(bounds.timeoutMs)],
    ['maxConcurrency', range(bounds.maxConcurrency)],
    ['ratePerSecond', range(bounds.ratePerSecond)],
    ['maxAttempts', range(bounds.maxAttempts)],
    ['maxItems', range(bounds.batchMaxItems)],
    ['maxItems', `inbound messages at most ${mostMessages}`],
    ['maxWaitMs', range(bounds.batchMaxWaitMs)],
  ])('names the bounds of %s: %s', (name, words) => {
    const about = guide.split(/\n(?=[|-])|\n\n/).filter((part) => part.includes(`${name}\``));
    expect(about.some((part) => part.replaceAll('\n ', '').includes(words))).toBe(true);
  });

  it('shows lists as they are sent, but for the space between their parts', () => {
    const reports: Partial<Event>[] = [
      { messageId: 'shdgMj33hk8', errorCode: '000' },
      { messageId: 'shdgMj33hk9', errorCode: '027' },
    ];
    const sent = (method: 'JSON' | 'XML') => {
      const config = renderedConfig({
        method,
        parameterNames: { messageId: 'msg_id', errorCode: 'error_code' },
        customParameters: [{ name: 'tenant', value: '42' }],
        settings: { batch },
      });
      const signing = { id: 'bat_1', timestampSeconds: 1, keys: [signingKey(createSecret())] };
      return renderBatch(compileWebhook(config), reports.map(bareEvent), signing).body;
    };
    expect(sent('JSON')).toBe(JSON.stringify(JSON.parse(jsonList)));
    expect(sent('XML')).toBe(xmlList.replaceAll(/>\s+</g, '><').trim());
  });
});
