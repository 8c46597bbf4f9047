import { request } from 'undici';
import type { JsonObject } from '../core/event.ts';
import { CliError } from './exit-codes.ts';

/** Calls the gateway's own HTTP API as anybody would. */
export interface ApiClient {
  /** @throws {CliError} with the problem's code and detail for any answer that is no success */
  post(path: string, body: JsonObject | readonly JsonObject[]): Promise<JsonObject>;
}

/** @param url the gateway's, without a slash at the end */
export function createApiClient(url: string, key: string): ApiClient {
  return {
    async post(path, body) {
      const answer = await request(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const json = (await answer.body.json()) as JsonObject;
      if (answer.statusCode >= 400) {
        throw new CliError(
          'failed',
          `POST ${path} was answered ${answer.statusCode} ${String(json.code)}: ${String(json.detail)}`,
        );
      }
      return json;
    },
  };
}
