import type { GatewayProcess } from './processes.ts';

/** Where the API is, and whose key may do everything there. */
type ApiAddress = Pick<GatewayProcess, 'url' | 'operatorKey'>;

/** Calls the gateway's API as its operator. */
export async function callApi<T>(
  gateway: ApiAddress,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${gateway.operatorKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export const parameterNames = {
  transactionId: 'txn_id',
  messageId: 'msg_id',
  errorCode: 'error_code',
  mobileNumber: 'mobile',
  receivedTime: 'received_time',
  deliveredTime: 'delivered_time',
};

/** So many accounts that share the URLs evenly, with an SMS DLR webhook for each: an event goes to all of its account. */
export async function createFanOut(
  gateway: ApiAddress,
  urls: readonly string[],
  accounts: number,
): Promise<string[]> {
  const each = urls.length / accounts;
  const ids: string[] = [];
  for (let i = 0; i < accounts; i++) {
    const [id = ''] = await createAccounts(gateway, urls.slice(i * each, i * each + 1));
    for (const url of urls.slice(i * each + 1, (i + 1) * each)) await createWebhook(gateway, id, url);
    ids.push(id);
  }
  return ids;
}

function createWebhook(
  gateway: ApiAddress,
  accountId: string,
  url: string,
  settings: Record<string, unknown> = {},
): Promise<unknown> {
  return callApi(gateway, 'POST', '/v1/webhooks', {
    ...{ accountId, product: 'sms', reportType: 'dlr', method: 'JSON', url, parameterNames, settings },
  });
}

/**
 * One account with one SMS DLR webhook for each URL, with its settings or the defaults; gives the accounts' ids.
 */
export async function createAccounts(
  gateway: ApiAddress,
  urls: readonly string[],
  settings: Record<string, unknown> = {},
): Promise<string[]> {
  const ids: string[] = [];
  for (const url of urls) {
    const { id } = await callApi<{ id: string }>(gateway, 'POST', '/v1/accounts', {
      name: `bench ${ids.length}`,
    });
    await createWebhook(gateway, id, url, settings);
    ids.push(id);
  }
  return ids;
}
