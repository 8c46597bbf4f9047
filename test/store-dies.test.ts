import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../bench/harness/machine.ts';
import { startGatewayProcess } from '../bench/harness/processes.ts';
import { callApi, createAccounts } from '../bench/harness/setup.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

const preload = join(root, 'test/store-dies/end-a-thread.ts');

/**
 * A request at an endpoint that never answers, a client that sends half a request and, where told, a thread that is
 * inside of a statement without end: none of them keeps the process from ending.
 */
it.each([
  { dies: 'writer', hangs: '' },
  { dies: 'desk', hangs: '' },
  { dies: 'reader', hangs: '' },
  { dies: 'courier', hangs: '' },
  { dies: 'index keeper', hangs: '' },
  { dies: 'writer', hangs: 'desk' },
])('a process whose $dies thread dies ends with 5, whatever hangs: $hangs', async (threads) => {
  await using receiver = await createReceiver(['timeout']);
  const gateway = await startGatewayProcess(
    {
      HOOKWIRE_TEST_DIES: threads.dies,
      HOOKWIRE_TEST_HANGS: threads.hangs,
      HOOKWIRE_SHUTDOWN_TIMEOUT_MS: '60000',
    },
    ['--import', preload],
  );
  const [accountId] = await createAccounts(gateway, [receiver.url], { timeoutMs: 30_000 });
  await callApi(gateway, 'POST', '/v1/events', {
    ...{ accountId, product: 'sms', reportType: 'dlr', messageId: 'm1', status: 'delivered' },
  });
  await receiver.next();
  const { port } = new URL(gateway.url);
  const half = connect(Number(port), '127.0.0.1');
  half.on('error', () => {});
  half.write('POST /v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{');
  const exited = once(gateway.child, 'exit');
  gateway.child.kill('SIGUSR2');
  expect(await exited).toEqual([5, null]);
  half.destroy();
  await gateway[Symbol.asyncDispose]();
});
