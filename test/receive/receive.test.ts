import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { operationalReport } from '../../src/core/products/hookwire.ts';
import type { WebhookConfig } from '../../src/core/webhook.ts';
import { compileWebhook } from '../../src/rendering/compile.ts';
import { renderBatch, renderRequest } from '../../src/rendering/render.ts';
import type { RenderedRequest } from '../../src/rendering/request.ts';
import { signingKey } from '../../src/rendering/sign.ts';
import { createSecret, publicKeyOf } from '../../src/rendering/signing-secret.ts';
import { bareEvent, renderedConfig } from '../../src/testing/rendering.ts';
import { languages, receiverFor } from '../../web/src/pages/webhook-details/receive/languages.ts';
import type { SignatureKind } from '../../web/src/pages/webhook-details/receive/plan.ts';
import { type ReceiverProgram, runReceiver } from './running-receiver.ts';

const secret = createSecret();
const names = {
  transactionId: 'txn_id',
  messageId: 'msg-id',
  errorCode: 'error.code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'délivré',
};
const report = bareEvent({
  transactionId: '81934341034091431',
  messageId: 'a & b <c> "d" \\ é 🙂',
  errorCode: '000',
  mobileNumber: '919812345678',
  receivedTime: Date.UTC(2026, 10, 22, 10, 15, 30),
});
const message = bareEvent({
  product: 'whatsapp',
  reportType: 'mo',
  productUniqueId: '919999999999',
  messageId: 'wamid.A',
  mobileNumber: '919812345678',
  message: { type: 'text', text: { body: 'Hi & <bye> 🙂' } },
});
const operational = {
  ...operationalReport('webhook.failing', 0, 'wh_1', { webhookId: 'wh_1' }),
  id: 'evt_1',
  accountId: 'acc_1',
};
const batch = { maxItems: 10, maxWaitMs: 0 };
const customParameters = [{ name: 'tenant', value: 'a=b&c' }];

interface Case {
  readonly name: string;
  readonly config: WebhookConfig;
  readonly events: readonly [typeof report, ...(typeof report)[]];
  /** What the program shows of the last event. */
  readonly shown: Record<string, unknown>;
}

function dlr(method: WebhookConfig['method'], changes: Parameters<typeof renderedConfig>[0] = {}) {
  return renderedConfig({
    method,
    url: 'https://example.com/dlr?of=us',
    parameterNames: names,
    customParameters,
    ...changes,
  });
}

const unknown = { GET: '', POST: '', JSON: null, XML: '' } as const;
function shownReport(method: WebhookConfig['method']) {
  return {
    webhookId: 'dlv_1',
    transactionId: '81934341034091431',
    messageId: report.messageId,
    errorCode: '000',
    mobileNumber: '919812345678',
    receivedTime: '2026-11-22T10:15:30.000Z',
    deliveredTime: unknown[method],
    tenant: 'a=b&c',
  };
}

const mo = { product: 'whatsapp', reportType: 'mo', customParameters } as const;
const shownMessage = {
  messageId: 'wamid.A',
  mobileNumber: '919812345678',
  wabaNumber: '919999999999',
  type: 'text',
  text: 'Hi & <bye> 🙂',
  tenant: 'a=b&c',
};

const cases: readonly Case[] = [
  ...(['GET', 'POST', 'JSON', 'XML'] as const).map(
    (method): Case => ({
      name: `delivery reports by ${method}`,
      config: dlr(method),
      events: [report],
      shown: shownReport(method),
    }),
  ),
  ...(['JSON', 'XML'] as const).map(
    (method): Case => ({
      name: `lists of delivery reports by ${method}`,
      config: dlr(method, { settings: { batch } }),
      events: [{ ...report, messageId: 'first' }, report],
      shown: shownReport(method),
    }),
  ),
  {
    name: "inbound messages in Meta's shape",
    config: renderedConfig({ ...mo, method: 'JSON', settings: { moFormat: 'whatsapp' } }),
    events: [message],
    shown: shownMessage,
  },
  ...(['GET', 'XML'] as const).map(
    (method): Case => ({
      name: `flat inbound messages by ${method}`,
      config: renderedConfig({ ...mo, method, settings: { moFormat: 'flat' } }),
      events: [message],
      shown: shownMessage,
    }),
  ),
  {
    name: 'operational events',
    config: renderedConfig({ product: 'hookwire', reportType: 'operations', method: 'JSON' }),
    events: [operational],
    shown: { type: 'webhook.failing', at: '1970-01-01T00:00:00.000Z', data: { webhookId: 'wh_1' } },
  },
];

function render({ config, events }: Case, signedAtMs = Date.now(), keys = [signingKey(secret)]) {
  const compiled = compileWebhook(config);
  const signing = { id: 'dlv_1', timestampSeconds: Math.floor(signedAtMs / 1_000), keys };
  return config.settings.batch
    ? renderBatch(compiled, events, signing)
    : renderRequest(compiled, events[0], signing);
}

/** The same signature on other content. */
function forged(request: RenderedRequest): RenderedRequest {
  const change = (text: string) => text.replace(/919812345678|wh_1/g, '911111111111');
  return {
    ...request,
    path: change(request.path),
    body: request.body === null ? null : change(request.body),
  };
}

function programOf(id: string, config: WebhookConfig, signature: SignatureKind = 'v1'): ReceiverProgram {
  const language = languages.find((each) => each.id === id) ?? languages[0];
  const { file } = language;
  const code = receiverFor(config, language, signature);
  switch (language.id) {
    case 'go':
      return { file, code, build: ['go', 'build', '-o', 'receiver', file], run: ['./receiver'] };
    case 'java':
      return { file, code, run: ['java', '-cp', process.env.HOOKWIRE_TEST_JACKSON ?? '.', file] };
    case 'python':
      return { file, code, run: [python ?? 'python3', file] };
    default:
      return { file, code, run: [process.execPath, file] };
  }
}

function textsIn(values: Record<string, unknown>): string[] {
  return Object.values(values).filter((value): value is string => typeof value === 'string');
}

/** What a command prints; `null` where there is no such command. */
function asked(command: string, ...args: string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

// The program itself: what is found by its name may be a script that looks for it, every time.
const python = asked('python3', '-c', 'import sys; print(sys.executable)');

/** Python's standard library cannot. */
const verifiesEd25519 = asked('python3', '-c', 'import cryptography') !== null;

/** Go and Java take seconds to compile: they run where `HOOKWIRE_TEST_RECEIVERS=all` asks for them. */
const all = process.env.HOOKWIRE_TEST_RECEIVERS === 'all';
const runnable = [
  'node',
  ...(python === null ? [] : ['python']),
  ...(all && asked('go', 'version') !== null ? ['go'] : []),
  ...(all && asked('java', '-version') !== null ? ['java'] : []),
];

describe.each(runnable)('a receiver in %s', (language) => {
  it.concurrent.each(cases)('takes $name that were signed, and no others', async (example) => {
    const { config, shown } = example;
    await using receiver = await runReceiver(programOf(language, config), secret);
    const genuine = render(example);
    expect(await receiver.send(forged(genuine))).toMatchObject({ status: 401 });
    expect(await receiver.send(genuine)).toEqual({ status: 200, body: 'ok' });
    const lines = await receiver.printed(example.events.length);
    expect(lines).toHaveLength(example.events.length);
    const last = lines.at(-1) ?? '';
    if (language !== 'java') expect(JSON.parse(last)).toMatchObject(shown);
    else for (const text of textsIn(shown)) expect(last).toContain(text);
  });

  it('refuses what is old, unsigned or signed by somebody else, and takes both signatures of a rotation', async () => {
    const example = { name: '', config: dlr('POST'), events: [report], shown: {} } as const;
    await using receiver = await runReceiver(programOf(language, example.config), secret);
    const status = async (request: RenderedRequest) => (await receiver.send(request)).status;
    const now = Date.now();
    const other = signingKey(createSecret());

    expect(await status(render(example, now - 301_000))).toBe(401);
    expect(await status(render(example, now + 303_000))).toBe(401);
    expect(await status(render(example, now, [other]))).toBe(401);
    expect(await status({ ...render(example), headers: [] })).toBe(401);
    expect(await status(render(example, now - 290_000))).toBe(200);
    expect(await status(render(example, now, [other, signingKey(secret)]))).toBe(200);
    expect(await receiver.printed(2)).toHaveLength(2);
  });

  it.skipIf(language === 'python' && !verifiesEd25519)(
    'by a public key takes what the private one signed, beside another signature too, and nothing else',
    async () => {
      const pair = createSecret('v1a');
      const publicKey = publicKeyOf(pair) ?? '';
      for (const method of ['GET', 'XML'] as const) {
        const example = { name: '', config: dlr(method), events: [report], shown: {} } as const;
        await using receiver = await runReceiver(programOf(language, example.config, 'v1a'), publicKey);
        const status = async (request: RenderedRequest) => (await receiver.send(request)).status;
        const now = Date.now();
        expect(await status(render(example, now, [signingKey(pair)]))).toBe(200);
        expect(await status(render(example, now, [signingKey(secret), signingKey(pair)]))).toBe(200);
        expect(await status(forged(render(example, now, [signingKey(pair)])))).toBe(401);
        expect(await status(render(example, now, [signingKey(createSecret('v1a'))]))).toBe(401);
        expect(await status(render(example))).toBe(401);
        expect(await status(render(example, now - 301_000, [signingKey(pair)]))).toBe(401);
        expect(await status({ ...render(example), headers: [] })).toBe(401);
      }
    },
  );

  it('shows custom parameters by whatever names, each of them', async () => {
    const custom = [
      '__proto__',
      'messageId',
      'custom messageId',
      'webhookId',
      'constructor',
      '1',
      'custom custom messageId',
    ];
    for (const method of ['GET', 'XML', ...(language === 'java' ? [] : (['JSON'] as const))] as const) {
      const fit = custom.filter((name) => method !== 'XML' || /^[a-z_]\w*$/i.test(name));
      const customParameters = fit.map((name) => ({ name, value: `value of ${name}` }));
      const example = {
        name: '',
        config: dlr(method, { customParameters }),
        events: [report],
        shown: {},
      } as const;
      await using receiver = await runReceiver(programOf(language, example.config), secret);
      expect(await receiver.send(render(example))).toEqual({ status: 200, body: 'ok' });
      const [line = ''] = await receiver.printed(1);
      for (const { value } of customParameters) expect(line).toContain(value);
      if (language === 'java') continue;
      expect(Object.entries(JSON.parse(line))).toEqual(
        expect.arrayContaining([
          ['__proto__', 'value of __proto__'],
          ['messageId', report.messageId],
          ['custom messageId', 'value of messageId'],
          ['custom webhookId', 'value of webhookId'],
        ]),
      );
    }
  });

  it("answers what counts as delivered by the webhook's own rule", async () => {
    const config = dlr('JSON', { settings: { success: { codes: [204, 202], bodyContains: 'got "it"' } } });
    await using receiver = await runReceiver(programOf(language, config), secret);
    const answer = await receiver.send(render({ name: '', config, events: [report], shown: {} }));
    expect(answer).toEqual({ status: 202, body: 'got "it"' });
  });
});

describe('a receiver in any language', () => {
  it.each(languages)('holds every name of the configuration: $label', (language) => {
    const code = receiverFor(dlr('JSON'), language);
    for (const name of [...Object.values(names), 'tenant']) expect(code).toContain(name);
    expect(code).toContain('https://example.com/dlr');
    expect(code).not.toContain('of=us');
  });

  it.each(languages)('lets no name or text end a string or a comment: $label', (language) => {
    const nasty = `'"\\\n*/ ?> \${x} #{x} \u2028 \u0000`;
    const config = dlr('POST', {
      url: `https://example.com/a?>*/b'"c`,
      parameterNames: { ...names, messageId: nasty },
      customParameters: [],
      settings: { success: { codes: null, bodyContains: nasty } },
    });
    const code = receiverFor(config, language);
    expect(code).not.toMatch(/[\u2028\0]/);
    expect(code.split('\n').some((line) => line.startsWith('*/'))).toBe(false);
    expect(code).not.toContain(nasty.slice(1, 3) + nasty.slice(3));
  });
});
