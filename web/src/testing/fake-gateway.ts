import { api, apiError } from '../api/client.ts';

/** A call as the fake gateway sees it. */
export interface Call {
  /** `POST /v1/webhooks/wh_1/enable` */
  readonly what: string;
  readonly search: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Reply = unknown | ((call: Call) => unknown);

/** An answer other than 200. */
export class Refusal {
  readonly status: number;
  readonly problem: object;
  constructor(status: number, code: string, detail: string) {
    this.status = status;
    this.problem = { status, code, title: detail, detail };
  }
}

/**
 * Stands in for the gateway: `{ 'GET /v1/webhooks': page }`. Whatever it has no answer for is 404. What was called is
 * kept in `calls`.
 */
export function playGateway(replies: Readonly<Record<string, Reply>>): { readonly calls: readonly Call[] } {
  const calls: Call[] = [];

  async function respond(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const text = request.method === 'GET' ? '' : await request.text();
    const call: Call = {
      what: `${request.method} ${url.pathname}`,
      search: Object.fromEntries(url.searchParams),
      body: text === '' ? null : JSON.parse(text),
    };
    calls.push(call);
    const reply = replies[call.what] ?? new Refusal(404, 'not_found', `There is no ${call.what}.`);
    const answer = typeof reply === 'function' ? reply(call) : reply;
    if (answer instanceof Refusal) {
      return new Response(JSON.stringify(answer.problem), { status: answer.status });
    }
    return answer === null
      ? new Response(null, { status: 204 })
      : new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } });
  }

  const middleware = {
    // What is answered here passes no other middleware, so that a refusal is thrown at once.
    async onRequest({ request }: { request: Request }) {
      const response = await respond(request);
      if (!response.ok) throw await apiError(response);
      return response;
    },
  };
  const before = globalThis.fetch;
  api.use(middleware);
  globalThis.fetch = (input, init) =>
    respond(new Request(new URL(String(input), window.location.origin), init));
  undo.push(() => {
    api.eject(middleware);
    globalThis.fetch = before;
  });
  return { calls };
}

const undo: (() => void)[] = [];

/** Ends what was played. */
export function endPlay(): void {
  for (const one of undo.splice(0)) one();
}
