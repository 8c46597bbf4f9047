import { describe, expect, it } from 'vitest';
import { type ReceivedRequest, startReceiver } from '../receiver/receiver.ts';
import { createApiClient } from './api-client.ts';

describe('createApiClient', () => {
  it('posts JSON with the key', async () => {
    const received: ReceivedRequest[] = [];
    await using server = await startReceiver({
      script: [{ status: 201, body: '{"id":"acc_1"}' }],
      onRequest: (request) => received.push(request),
    });
    const answer = await createApiClient(server.url, 'hw_key').post('/v1/accounts', { name: 'é' });
    expect(answer).toEqual({ id: 'acc_1' });
    expect(received[0]).toMatchObject({ method: 'POST', path: '/v1/accounts' });
    expect(received[0]?.headers.authorization).toBe('Bearer hw_key');
    expect(received[0]?.body.toString()).toBe('{"name":"é"}');
  });

  it('turns a problem into its code and detail', async () => {
    const body = '{"code":"overloaded","detail":"Try again in 1 s."}';
    await using server = await startReceiver({ script: [{ status: 503, body }] });
    await expect(createApiClient(server.url, 'k').post('/v1/events', [])).rejects.toThrow(
      'POST /v1/events was answered 503 overloaded: Try again in 1 s.',
    );
  });
});
