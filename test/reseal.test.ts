import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeDirectory, temporaryDirectory } from '../bench/harness/children.ts';
import { type GatewayProcess, startGatewayProcess } from '../bench/harness/processes.ts';
import { callApi, createAccounts } from '../bench/harness/setup.ts';
import { runCli } from '../src/cli/run.ts';
import { createRecordedIo } from '../src/cli/testing/recorded-io.ts';
import { loadConfig } from '../src/config/config.ts';
import { openDirectory } from '../src/data-directory.ts';
import { deriveKey } from '../src/stores/secrets/master-key.ts';
import { eventually } from '../src/testing/eventually.ts';
import { testWebhook } from '../src/testing/factories.ts';

const masterKey = (): string => randomBytes(32).toString('base64');
const [older, newer] = [masterKey(), masterKey()];
const versions = 2_000;

interface Sealing {
  readonly masterKeyId: string;
  readonly otherKeyIds: readonly string[];
  readonly left: number | null;
}

describe('a change of the master key', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = temporaryDirectory('reseal');
    const { directory, sealing, close } = await openDirectory(config(older), () => {});
    await sealing.begin(1);
    await directory.createAccount({ id: 'acme', name: 'Acme', createdAt: 1 });
    const customHeaders = [{ name: 'X-Key', value: 'header value' }];
    for (const id of ['wh_1', 'wh_2']) {
      const webhook = testWebhook({ id, accountId: 'acme', customHeaders });
      await directory.createWebhook(webhook, { secret: `whsec_${id}`, expiresAt: null });
    }
    await close();
    const db = new DatabaseSync(join(dataDir, 'hookwire.db'));
    // A webhook that was changed very often.
    db.exec(`
      with recursive numbers (n) as (select 2 union all select n + 1 from numbers where n < ${versions})
      insert into webhook_versions select account_id, webhook_id, n, config, created_at
        from webhook_versions, numbers where webhook_id = 'wh_1' and version = 1
    `);
    db.close();
  });
  afterEach(() => removeDirectory(dataDir));

  function config(current: string, previous?: string) {
    return loadConfig(environment(current, previous));
  }

  function environment(current: string, previous?: string): Record<string, string> {
    return {
      HOOKWIRE_DATA_DIR: dataDir,
      HOOKWIRE_LOG_LEVEL: 'error',
      HOOKWIRE_MASTER_KEY: current,
      ...(previous && { HOOKWIRE_MASTER_KEY_PREVIOUS: previous }),
    };
  }

  async function hookwire(env: Record<string, string>, ...args: string[]) {
    const io = createRecordedIo({ ...env, HOOKWIRE_PORT: '0' });
    return { code: await runCli(args, io), stdout: io.stdout, stderr: io.stderr };
  }

  function change(statement: string): void {
    const db = new DatabaseSync(join(dataDir, 'hookwire.db'));
    db.exec(statement);
    db.close();
  }

  /** Versions that the older key sealed. */
  function versionsOfOld(): number {
    const db = new DatabaseSync(join(dataDir, 'hookwire.db'), { readOnly: true, timeout: 10_000 });
    try {
      const row = db
        .prepare('select count(*) as n from webhook_versions where instr(config, ?) > 0')
        .get(`"v1.${deriveKey(older).id}.`);
      return Number(row?.n);
    } finally {
      db.close();
    }
  }

  async function sealingOf(gateway: GatewayProcess): Promise<Sealing> {
    return (await callApi<{ sealing: Sealing }>(gateway, 'GET', '/v1/gateway')).sealing;
  }

  async function kill(gateway: GatewayProcess): Promise<void> {
    const exited = once(gateway.child, 'exit');
    gateway.child.kill('SIGKILL');
    await exited;
  }

  it('is done behind the traffic, goes on after a kill, and then the new key is enough', async () => {
    // So that it is under way for as long as this looks at it: without, it is all done within a second.
    const half = versions / 2;
    change(`create trigger no_further before update on webhook_versions
      when new.version > ${half} begin select raise(abort, 'no further'); end`);
    const first = await startGatewayProcess(environment(newer, older));
    await eventually(versionsOfOld, (left) => left <= half + 1);
    await kill(first);
    expect(versionsOfOld()).toBeGreaterThanOrEqual(half);

    const second = await startGatewayProcess(environment(newer, older));
    const underWay = await sealingOf(second);
    expect(underWay.otherKeyIds).toEqual([deriveKey(older).id]);
    // Others save meanwhile.
    await createAccounts(second, ['http://127.0.0.1:9/']);
    await callApi(second, 'POST', '/v1/webhooks/wh_2/secret/rotate', {});
    expect((await sealingOf(second)).otherKeyIds).toEqual([deriveKey(older).id]);
    await kill(second);

    change('drop trigger no_further');
    const third = await startGatewayProcess(environment(newer, older));
    await eventually(
      () => sealingOf(third),
      ({ otherKeyIds }) => otherKeyIds.length === 0,
    );
    expect(await sealingOf(third)).toEqual({ masterKeyId: deriveKey(newer).id, otherKeyIds: [], left: 0 });
    expect(versionsOfOld()).toBe(0);
    await kill(third);

    expect(await hookwire(environment(older), 'serve')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`sealed with master key ${deriveKey(newer).id}`),
    });
    const { directory, sealing, close } = await openDirectory(config(newer), () => {});
    await sealing.check();
    expect(await directory.loadWebhooks()).toHaveLength(3);
    for (const version of [1, 2, versions]) {
      const known = await directory.getWebhookVersion('wh_1', version);
      expect(known?.customHeaders).toEqual([{ name: 'X-Key', value: 'header value' }]);
    }
    expect((await directory.getSecretHistory('wh_2')).at(-1)?.secret).toBe('whsec_wh_2');
    await close();
  });

  it('is done by a command, without a gateway or beside one that has the new key', async () => {
    {
      await using gateway = await startGatewayProcess(environment(older));
      expect(await hookwire(environment(newer, older), 'reseal')).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/gateway that runs on .* start it anew with this key first/),
      });
      expect((await sealingOf(gateway)).masterKeyId).toBe(deriveKey(older).id);
      await kill(gateway);
      // The directory goes with the process that it was started on.
      expect(versionsOfOld()).toBe(versions + 1);
      expect(await hookwire(environment(newer), 'reseal')).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/sealed with master key .*HOOKWIRE_MASTER_KEY_PREVIOUS/),
      });
      expect(await hookwire(environment(newer, older), 'reseal')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(
          new RegExp(`^Sealed ${versions + 4} secrets anew.*take HOOKWIRE_MASTER_KEY_PREVIOUS away`, 's'),
        ),
      });
      expect(versionsOfOld()).toBe(0);
      expect(await hookwire(environment(newer), 'reseal')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Nothing had to be sealed anew.'),
      });
    }
  });
});
