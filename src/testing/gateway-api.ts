import { Agent, request } from 'undici';

/** An answer of the gateway's API. `body` is parsed where it is JSON, else text; its type is what the test expects. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: T;
}

/** What a test sends other than JSON with the right type. */
export interface RawBody {
  readonly raw: string | Buffer;
  readonly contentType: string;
}

/** Calls the HTTP API over connections of its own. */
export interface TestClient {
  /** @param key the caller's API key; the operator's unless told, `null` for none */
  api<T = unknown>(method: string, path: string, body?: unknown, key?: string | null): Promise<ApiAnswer<T>>;
  close(): Promise<void>;
}

/** @param url where the API is at the moment of a call */
export function createTestClient(url: () => string, operatorKey: string): TestClient {
  const agent = new Agent({ connections: 256 });
  return {
    async api<T>(method: string, path: string, body?: unknown, key: string | null = operatorKey) {
      const { contentType, content } = contentOf(body);
      const answer = await request(url() + path, {
        method,
        dispatcher: agent,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(contentType === null ? {} : { 'content-type': contentType }),
        },
        body: content,
      });
      const text = await answer.body.text();
      const isJson = /^application\/(problem\+)?json/.test(String(answer.headers['content-type']));
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: (isJson ? JSON.parse(text) : text) as T,
      };
    },
    close: () => agent.close(),
  };
}

function contentOf(body: unknown): { contentType: string | null; content: string | Buffer | null } {
  if (body === undefined) return { contentType: null, content: null };
  if (isRaw(body)) return { contentType: body.contentType, content: body.raw };
  return { contentType: 'application/json', content: JSON.stringify(body) };
}

function isRaw(body: unknown): body is RawBody {
  return typeof body === 'object' && body !== null && 'raw' in body && 'contentType' in body;
}
