/** A call that a page made. */
export interface MadeCall {
  readonly method: string;
  readonly path: string;
  readonly search: URLSearchParams;
  readonly body: unknown;
  /** The body as it was sent. */
  readonly text: string;
}

/** What is answered to `"GET /v1/deliveries"`: a body (with 200), or a whole response. */
export type Answers = Readonly<Record<string, (call: MadeCall) => unknown>>;

let answers: Answers = {};
let calls: MadeCall[] = [];

async function answer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const given = input instanceof Request ? input : null;
  const { pathname: path, searchParams: search } = new URL(given?.url ?? String(input), location.origin);
  const text = given ? await given.clone().text() : String(init?.body ?? '');
  const method = given?.method ?? init?.method ?? 'GET';
  const call = { method, path, search, body: text === '' ? null : JSON.parse(text), text };
  calls.push(call);
  const found = answers[`${method} ${path}`]?.(call);
  if (found instanceof Response) return found;
  if (found !== undefined) return Response.json(found);
  const problem = {
    status: 404,
    code: 'not_found',
    title: 'There is no such resource',
    detail: `No ${path}.`,
  };
  return Response.json(problem, { status: 404 });
}

/** Lets every call of the portal end here. The API's client takes `fetch` when it is loaded: call this before. */
export function standIn(): void {
  globalThis.fetch = answer;
}

/** Ends what was played. */
export function endPlay(): void {
  answers = {};
  calls = [];
}

/** Plays the gateway until the test ends; what it does not answer gets 404. Gives the calls that are made. */
export function playGateway(play: Answers): readonly MadeCall[] {
  answers = play;
  calls = [];
  return calls;
}
