import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endpoints, find, type Place, runServer, type ServerKind } from '../real-server.ts';

export const tomcat: ServerKind = {
  name: 'Tomcat',
  needs: 'tomcat10 (its home in CATALINA_HOME, else /usr/share/tomcat10) and Java',
  // It reads a form of more than maxPostSize as one without parameters, and answers 200.
  limitsBodies: false,
  async start(place) {
    const home = process.env.CATALINA_HOME ?? '/usr/share/tomcat10';
    const script = find(join(home, 'bin/catalina.sh'));
    if (!script || !find('java')) return null;
    const { dir } = place;
    for (const folder of ['conf', 'logs', 'temp', 'work', 'webapps/ROOT']) {
      await mkdir(join(dir, folder), { recursive: true });
    }
    await writeFile(join(dir, 'conf/server.xml'), serverXml(place));
    const webXml = find('/etc/tomcat10/web.xml', join(home, 'conf/web.xml'));
    if (!webXml) return null;
    // Before version 10, and in many an application, nothing says that forms are UTF-8 but their own type.
    const asBefore = (await readFile(webXml, 'utf8')).replace(/<request-character-encoding>.*?<\/[^>]*>/, '');
    await writeFile(join(dir, 'conf/web.xml'), asBefore);
    await copyFile(join(endpoints, 'report.jsp'), join(dir, 'webapps/ROOT/report.jsp'));
    const env = {
      CATALINA_HOME: home,
      CATALINA_BASE: dir,
      JAVA_OPTS: `-Dendpoint.log=${place.log} -Xmx256m -XX:TieredStopAtLevel=1`,
    };
    const server = await runServer(place, script, ['run'], { env });
    return {
      url: `http://127.0.0.1:${place.port}/report.jsp`,
      reload: null,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

function serverXml({ port }: Place): string {
  return `<?xml version="1.0"?>
<Server port="-1">
  <Service name="Catalina">
    <Connector port="${port}" address="127.0.0.1" protocol="HTTP/1.1" connectionTimeout="5000"
      keepAliveTimeout="1000" maxKeepAliveRequests="50" compression="force"/>
    <Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine>
  </Service>
</Server>
`;
}
