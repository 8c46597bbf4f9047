import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  endpoints,
  find,
  type Place,
  type RunningServer,
  runServer,
  type ServerKind,
} from '../real-server.ts';

/** A Python that can import these; a virtual environment's comes first in PATH. */
async function pythonWith(...modules: string[]): Promise<string | null> {
  const python = find('python3');
  if (!python) return null;
  const imports = modules.map((name) => `import ${name}`).join('; ');
  return await promisify(execFile)(python, ['-c', imports]).then(
    () => python,
    () => null,
  );
}

async function start(place: Place, modules: string[], args: string[]): Promise<RunningServer | null> {
  const python = await pythonWith(...modules);
  if (!python) return null;
  const env = {
    ENDPOINT_LOG: place.log,
    ENDPOINT_PORT: String(place.port),
    PYTHONPATH: endpoints,
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const server = await runServer(place, python, args, { env });
  const canReload = modules.includes('gunicorn');
  return {
    url: `http://127.0.0.1:${place.port}/report`,
    reload: canReload ? async () => void server.child.kill('SIGHUP') : null,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const simple = join(endpoints, 'http_server_endpoint.py');

export const httpServer10: ServerKind = {
  name: 'Python http.server, HTTP/1.0',
  needs: 'python3',
  limitsBodies: true,
  start: (place) => start(place, ['http.server'], [simple, 'HTTP/1.0']),
};

export const httpServer11: ServerKind = {
  name: 'Python http.server, HTTP/1.1',
  needs: 'python3',
  limitsBodies: true,
  start: (place) => start(place, ['http.server'], [simple, 'HTTP/1.1']),
};

export const flask: ServerKind = {
  name: 'Flask by itself',
  needs: 'python3 with flask',
  limitsBodies: true,
  start: (place) =>
    start(place, ['flask'], ['-m', 'flask', '--app', 'flask_endpoint', 'run', '--port', String(place.port)]),
};

const gunicorn = (name: string, ...options: string[]): ServerKind => ({
  name,
  needs: 'python3 with flask and gunicorn',
  limitsBodies: true,
  shortUrls: true,
  start: (place) =>
    start(
      place,
      ['flask', 'gunicorn'],
      ['-m', 'gunicorn', '--bind', `127.0.0.1:${place.port}`, ...options, 'flask_endpoint:app'],
    ),
});

export const gunicornSync = gunicorn('Flask under gunicorn', '--workers', '2');
export const gunicornThreads = gunicorn(
  'Flask under gunicorn with threads',
  '--threads',
  '4',
  '--keep-alive',
  '1',
);
