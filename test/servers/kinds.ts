import { go } from './kinds/go.ts';
import { fastifyServer, nodeHttp } from './kinds/node.ts';
import { apacheWithPhp, nginxWithPhp } from './kinds/php.ts';
import { flask, gunicornSync, gunicornThreads, httpServer10, httpServer11 } from './kinds/python.ts';
import { tomcat } from './kinds/tomcat.ts';
import type { ServerKind } from './real-server.ts';

/** What comes with npm; the tests play these. */
export const npmKinds: readonly ServerKind[] = [nodeHttp, fastifyServer];

/** What a machine may have besides. */
export const otherKinds: readonly ServerKind[] = [
  nginxWithPhp,
  apacheWithPhp,
  tomcat,
  go,
  flask,
  gunicornSync,
  gunicornThreads,
  httpServer10,
  httpServer11,
];
