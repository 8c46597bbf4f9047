import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

function collect(isTTY = false) {
  const lines: string[] = [];
  return { lines, stream: { isTTY, write: (line: string) => void lines.push(line) } };
}

function logged(write: (log: ReturnType<typeof createLog>) => void): { [field: string]: unknown } {
  const { lines, stream } = collect();
  write(createLog('info', stream));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as { [field: string]: unknown };
}

describe('createLog', () => {
  it('writes one JSON line with the time, the level as a word and the fields', () => {
    const line = logged((log) => log.info({ webhookId: 'wh_1' }, 'delivered'));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      webhookId: 'wh_1',
      msg: 'delivered',
    });
  });

  it('leaves out what is below its level', () => {
    const { lines, stream } = collect();
    createLog('warn', stream).info('nobody reads this');
    expect(lines).toEqual([]);
  });

  it('masks phone numbers and user ids, also inside an event', () => {
    const line = logged((log) =>
      log.info({ mobileNumber: '919812345678', delivery: { event: { userId: 'US.13491208655302' } } }),
    );
    expect(line).toMatchObject({
      mobileNumber: '9198XXXXXX78',
      delivery: { event: { userId: 'US.1XXXXXXXXXXX02' } },
    });
  });

  it('cuts query strings off URLs', () => {
    const line = logged((log) =>
      log.info({ url: 'https://a.example/dlr?mobile=91981', webhook: { url: '/x?y=1' } }),
    );
    expect(line).toMatchObject({ url: 'https://a.example/dlr?…', webhook: { url: '/x?…' } });
  });

  it('logs a request without its headers and its query', () => {
    const req = { method: 'GET', url: '/v1/events?key=1', ip: '::1', headers: { authorization: 'Bearer x' } };
    expect(logged((log) => log.info({ req })).req).toEqual({
      method: 'GET',
      url: '/v1/events?…',
      ip: '::1',
    });
  });

  it('hides secrets', () => {
    const text = 'nobody-may-read-this';
    const line = logged((log) =>
      log.info({
        key: text,
        webhook: { secret: text, customHeaders: [{ name: 'X-Api-Key', value: text }] },
        config: { secrets: { operatorKey: text } },
        request: { headers: { authorization: text } },
      }),
    );
    expect(JSON.stringify(line)).not.toContain(text);
    expect(line.key).toBe('[hidden]');
  });

  it('keeps the stack of an error', () => {
    const line = logged((log) => log.error({ err: new Error('disk full') }, 'commit failed'));
    expect(line.err).toMatchObject({
      message: 'disk full',
      stack: expect.stringContaining('log.test.ts'),
    });
  });

  it('writes text for a person at a terminal', () => {
    const { lines, stream } = collect(true);
    createLog('info', stream).warn({ webhookId: 'wh_1', waited: { ms: 5 } }, 'slow endpoint');
    expect(lines[0]).toMatch(/^[\d:.]{12} warn {2}slow endpoint webhookId=wh_1 waited=\{"ms":5\}\n$/);
  });

  it('writes the stack of an error on lines of its own at a terminal', () => {
    const { lines, stream } = collect(true);
    createLog('info', stream).error({ err: new Error('disk full') }, 'commit failed');
    expect(lines[0]).toMatch(/commit failed\nError: disk full\n {4}at /);
  });
});
