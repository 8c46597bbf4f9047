import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endpoints, find, runServer, type ServerKind } from '../real-server.ts';

export const go: ServerKind = {
  name: 'Go net/http',
  needs: 'go',
  limitsBodies: true,
  async start(place) {
    const compiler = find('go', '/usr/local/go/bin/go');
    if (!compiler) return null;
    const program = join(place.dir, 'endpoint');
    await promisify(execFile)(compiler, ['build', '-o', program, join(endpoints, 'endpoint.go')]);
    const env = { ENDPOINT_LOG: place.log, ENDPOINT_PORT: String(place.port) };
    const server = await runServer(place, program, [], { env });
    return {
      url: `http://127.0.0.1:${place.port}/report`,
      reload: null,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};
