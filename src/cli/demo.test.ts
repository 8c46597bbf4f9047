import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { demoEnvironment } from './demo.ts';

describe('demoEnvironment', () => {
  it('opens this machine to webhooks beside what is open already', () => {
    const config = loadConfig(demoEnvironment({ HOOKWIRE_ALLOW_NETWORKS: '10.0.0.0/8' }, '/tmp/demo'));
    expect(config.delivery.allowNetworks).toEqual(['10.0.0.0/8', '127.0.0.0/8']);
    expect(config.storage.dataDir).toBe('/tmp/demo');
  });

  it("makes an operator key of its own, but takes the user's", () => {
    const made = loadConfig(demoEnvironment({}, '/tmp/demo')).secrets.operatorKey;
    expect(made).toMatch(/^demo_/);
    expect(loadConfig(demoEnvironment({}, '/tmp/demo')).secrets.operatorKey).not.toBe(made);
    const own = demoEnvironment({ HOOKWIRE_OPERATOR_KEY: 'op_0123456789abcdef' }, '/tmp/demo');
    expect(own.HOOKWIRE_OPERATOR_KEY).toBe('op_0123456789abcdef');
  });
});
