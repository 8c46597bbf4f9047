import type { ClientBase } from 'pg';

/** Asks the directory whose a webhook is, also one that was deleted: the log's rows lie by account. `null`: nobody's. */
export async function findAccount(client: ClientBase, webhookId: string): Promise<string | null> {
  const { rows } = await client.query<{ account_id: string }>(
    'select account_id from webhooks where id = $1',
    [webhookId],
  );
  return rows[0]?.account_id ?? null;
}
