import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../src/testing/free-port.ts';
import { endpoints, find, type Place, runServer, type ServerKind } from '../real-server.ts';

const script = join(endpoints, 'endpoint.php');

export const nginxWithPhp: ServerKind = {
  name: 'nginx with php-fpm',
  needs: 'nginx, php-fpm and its XML extension',
  limitsBodies: true,
  async start(place) {
    const nginx = find('nginx');
    const fpm = find('php-fpm*');
    if (!nginx || !fpm) return null;
    const fpmPort = await freePort();
    const fpmConfig = join(place.dir, 'fpm.conf');
    await writeFile(fpmConfig, fpmConfiguration(place, fpmPort));
    const php = await runServer({ ...place, port: fpmPort }, fpm, ['-F', '-R', '-y', fpmConfig]);
    const config = join(place.dir, 'nginx.conf');
    await writeFile(config, nginxConfiguration(place, fpmPort));
    const server = await runServer(place, nginx, ['-p', place.dir, '-c', config]);
    return {
      url: `http://127.0.0.1:${place.port}/report`,
      async reload() {
        server.child.kill('SIGHUP');
      },
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await php[Symbol.asyncDispose]();
      },
    };
  },
};

function nginxConfiguration({ dir, log, port }: Place, fpmPort: number): string {
  return `
daemon off;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log;
worker_processes 2;
${isRoot() ? 'user root;' : ''}
events {}
http {
  access_log off;
  client_body_temp_path ${dir}/body;
  proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi;
  scgi_temp_path ${dir}/scgi;
  keepalive_timeout 1s;
  keepalive_requests 50;
  client_max_body_size 100000;
  gzip on;
  gzip_min_length 0;
  gzip_types *;
  server {
    listen 127.0.0.1:${port};
    location / {
      fastcgi_pass 127.0.0.1:${fpmPort};
      fastcgi_param SCRIPT_FILENAME ${script};
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param REMOTE_PORT $remote_port;
      fastcgi_param ENDPOINT_LOG ${log};
    }
  }
}
`;
}

function fpmConfiguration({ dir }: Place, fpmPort: number): string {
  return `
[global]
error_log = ${dir}/fpm.log
[www]
listen = 127.0.0.1:${fpmPort}
${isRoot() ? 'user = root\ngroup = root' : ''}
pm = static
pm.max_children = 4
`;
}

export const apacheWithPhp: ServerKind = {
  name: 'Apache with mod_php',
  needs: 'apache2, libapache2-mod-php and its XML extension',
  limitsBodies: true,
  async start(place) {
    const apache = find('apache2', 'httpd');
    const modPhp = find('libphp*.so');
    if (!apache || !modPhp) return null;
    const config = join(place.dir, 'apache.conf');
    await writeFile(config, apacheConfiguration(place, modPhp));
    const server = await runServer(place, apache, ['-f', config, '-DFOREGROUND']);
    return {
      url: `http://127.0.0.1:${place.port}/report`,
      async reload() {
        server.child.kill('SIGUSR1');
      },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

function apacheConfiguration({ dir, log, port }: Place, modPhp: string): string {
  const modules = join(modPhp, '..');
  const load = (name: string) => `LoadModule ${name}_module ${modules}/mod_${name}.so`;
  return `
ServerRoot ${dir}
ServerName 127.0.0.1
PidFile ${dir}/apache.pid
DefaultRuntimeDir ${dir}
Mutex file:${dir} default
ErrorLog ${dir}/error.log
Listen 127.0.0.1:${port}
${load('mpm_prefork')}
${load('authz_core')}
${load('alias')}
${load('env')}
LoadModule php_module ${modPhp}
${isRoot() ? 'User www-data\nGroup www-data' : ''}
StartServers 4
KeepAliveTimeout 1
MaxKeepAliveRequests 50
LimitRequestBody 100000
SetEnv ENDPOINT_LOG ${log}
AliasMatch ^/ ${script}
<Directory ${endpoints}>
  Require all granted
  SetHandler application/x-httpd-php
</Directory>
`;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
