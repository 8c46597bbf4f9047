import { openGateway } from '../../src/testing/gateway-fixture.ts';
import { asOftenAsItTakes, checks, timedChecks } from './checks.ts';
import { npmKinds, otherKinds } from './kinds.ts';
import { makePlace, type ServerKind } from './real-server.ts';

/**
 * Delivers to real servers, to those that the machine has, and looks at what they made of it.
 *
 *   node test/servers/run.ts [part of a server's name]
 */
async function main(): Promise<void> {
  const [wanted = ''] = process.argv.slice(2);
  const kinds = [...npmKinds, ...otherKinds].filter(({ name }) =>
    name.toLowerCase().includes(wanted.toLowerCase()),
  );
  for (const kind of kinds) {
    if (!(await playWith(kind))) process.exitCode = 1;
  }
}

async function playWith(kind: ServerKind): Promise<boolean> {
  await using place = await makePlace();
  await using server = await kind.start(place);
  console.log(`\n${kind.name}${server ? '' : `: left out, needs ${kind.needs}`}`);
  if (!server) return true;
  await using gateway = await openGateway({ env: asOftenAsItTakes });
  let isGood = true;
  for (const { what, check } of [...checks, ...timedChecks]) {
    try {
      console.log(`  ok    ${what}: ${await check({ gateway, kind, server, place })}`);
    } catch (error) {
      isGood = false;
      console.log(`  FAIL  ${what}\n${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return isGood;
}

// So that the servers end, too.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
await main();
