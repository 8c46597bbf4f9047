import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookwire } from '../../src/core/products/hookwire.ts';
import { parseWebhookConfig } from '../../src/http/resources/webhooks/input/parse.ts';
import { compileWebhook } from '../../src/rendering/compile.ts';
import { renderRequest } from '../../src/rendering/render.ts';
import { signingKey } from '../../src/rendering/sign.ts';
import { createSecret } from '../../src/rendering/signing-secret.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/operational-events.md'), 'utf8');
const [, asked = ''] = /-d '(\{[\s\S]*?\n\})'/.exec(guide) ?? [];

describe('the guide to operational events', () => {
  it('asks for them with a body that is right', () => {
    expect(parseWebhookConfig(JSON.parse(asked))).toHaveProperty('config');
  });

  it('shows each as it is sent, but for the space between its parts', () => {
    const parsed = parseWebhookConfig(JSON.parse(asked));
    if ('errors' in parsed) throw new Error('The body is not right.');
    const compiled = compileWebhook(parsed.config);
    const signing = { id: 'dlv_1', timestampSeconds: 1, keys: [signingKey(createSecret())] };
    const sent = (hookwire.samples.operations ?? []).map(
      ({ event }) => renderRequest(compiled, { ...event, id: 'evt_1', accountId: 'acc_1' }, signing).body,
    );
    const shown = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) =>
      JSON.stringify(JSON.parse(text)),
    );
    expect(shown).toEqual(sent);
  });

  it('explains every type', () => {
    for (const type of hookwire.statuses) expect(guide).toContain(`| \`${type}\` |`);
  });
});
