import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { XMLParser } from 'fast-xml-parser';
import { fastify } from 'fastify';
import type { Place, ServerKind } from '../real-server.ts';

const mostBytes = 100_000;

export const nodeHttp: ServerKind = {
  name: 'Node http',
  needs: 'nothing',
  limitsBodies: true,
  async start(place) {
    const server = createServer({ keepAliveTimeout: 1_000 }, async (request, response) => {
      const pieces: Buffer[] = [];
      let size = 0;
      for await (const piece of request as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > mostBytes) {
          response.writeHead(413, { connection: 'close' }).end('too large');
          return;
        }
        pieces.push(piece);
      }
      const kind = request.headers['content-type'] ?? '';
      const text = Buffer.concat(pieces).toString();
      keep(place, request, {
        form: kind.includes('form') ? Object.fromEntries(new URLSearchParams(text)) : {},
        json: kind.includes('json') ? JSON.parse(text) : null,
        xml: kind.includes('xml') ? tree(text) : null,
      });
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(place.port, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${place.port}/report`,
      reload: null,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
};

export const fastifyServer: ServerKind = {
  name: 'Fastify',
  needs: 'nothing',
  limitsBodies: true,
  async start(place) {
    const app = fastify({ bodyLimit: mostBytes, keepAliveTimeout: 1_000, forceCloseConnections: true });
    const asText = { parseAs: 'string' } as const;
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      asText,
      async (_: unknown, text: string) => ({
        form: Object.fromEntries(new URLSearchParams(text)),
      }),
    );
    app.addContentTypeParser('application/xml', asText, async (_: unknown, text: string) => ({
      xml: tree(text),
    }));
    app.all('/report', async (request) => {
      const kind = request.headers['content-type'] ?? '';
      const body = request.body as object;
      keep(place, request.raw, {
        form: {},
        json: null,
        xml: null,
        ...(kind.includes('json') ? { json: body } : body),
      });
      return 'ok';
    });
    await app.listen({ port: place.port, host: '127.0.0.1' });
    return {
      url: `http://127.0.0.1:${place.port}/report`,
      reload: null,
      [Symbol.asyncDispose]: () => app.close(),
    };
  },
};

function keep({ log }: Place, request: IncomingMessage, parsed: object): void {
  const query = new URL(request.url ?? '', 'http://endpoint').searchParams;
  const record = {
    id: request.headers['webhook-id'],
    method: request.method,
    query: Object.fromEntries(query),
    apiKey: request.headers['x-api-key'] ?? null,
    port: request.socket.remotePort,
    ...parsed,
  };
  appendFileSync(log, `${JSON.stringify(record)}\n`);
}

type Tree = [name: string, content: string | Tree[]];

function tree(text: string): Tree | undefined {
  const options = { preserveOrder: true, parseTagValue: false, trimValues: false, ignoreDeclaration: true };
  const [root] = new XMLParser(options).parse(text) as Record<string, unknown>[];
  return root && treeOf(root);
}

function treeOf(node: Record<string, unknown>): Tree {
  const [name = ''] = Object.keys(node);
  const children = node[name] as Record<string, unknown>[];
  const elements = children.filter((child) => !('#text' in child));
  if (elements.length > 0) return [name, elements.map(treeOf)];
  return [name, children.map((child) => String(child['#text'])).join('')];
}
