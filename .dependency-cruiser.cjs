// The order in which the parts of the program may know each other; ARCHITECTURE.md says why.
//
//   shared ◂── core ◂── config, telemetry ◂── stages ◂── stores ◂── wiring, gateway.ts ◂── cli ◂── main.ts
//                                               └─────── http ◂────────┘
//
// Stages may import the stores' ports; only the composition root imports a concrete store.
// Run by scripts/check-dependencies.ts.

const stages =
  '^src/(sources|intake|routing|rendering|delivery|watching|recover|history|audit|upkeep|portal|receiver)/';
const compositionRoot = '^src/((gateway|data-directory)\\.[jt]s$|wiring/)';
const tests = '\\.test\\.[jt]s$|/testing/|/conformance/';

function only(name, comment, from, to) {
  return { name, comment, severity: 'error', from: { pathNot: tests, ...from }, to };
}

/** @type {import('dependency-cruiser').IConfiguration} */
const configuration = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules that need each other are one module.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import must exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    only(
      'shared-runs-in-browsers',
      'What the portal has in common with the gateway knows itself, nothing else: no Node, no packages.',
      { path: '^src/shared/' },
      { pathNot: '^src/shared/' },
    ),
    only(
      'core-stands-alone',
      'core knows Node, itself and what the portal shares, nothing else.',
      { path: '^src/core/' },
      { pathNot: '^src/(core|shared)/', dependencyTypesNot: ['core'] },
    ),
    only(
      'foundations-know-core-only',
      'config and telemetry know core, what the portal shares, and each other.',
      { path: '^src/(config|telemetry)/' },
      { path: '^src/', pathNot: '^src/(shared|core|config|telemetry)/' },
    ),
    only(
      'stages-know-ports-only',
      'A stage knows what the portal shares, core, foundations, other stages and the ports of the stores.',
      { path: stages },
      { path: '^src/', pathNot: [stages, '^src/(shared|core|config|telemetry)/', '^src/stores/ports/'] },
    ),
    only(
      'history-only-answers',
      'What answers questions changes nothing: of the stages that do it knows how they say how they are.',
      { path: '^src/history/' },
      {
        path: '^src/(sources|intake|delivery|watching|recover|audit|upkeep|portal)/',
        pathNot: '^src/(delivery/dispatcher|upkeep/resealing)\\.[jt]s$',
      },
    ),
    only(
      'stores-know-no-surface',
      'A store knows nothing of HTTP, the command line or how the program is put together.',
      { path: '^src/stores/' },
      {
        path: ['^src/(http|cli)/', compositionRoot, '^src/main\\.[jt]s$'],
      },
    ),
    only(
      'http-knows-stages-and-ports',
      'A route calls a stage or a port.',
      { path: '^src/http/' },
      { path: ['^src/cli/', compositionRoot, '^src/main\\.[jt]s$'] },
    ),
    only(
      'routes-meet-in-app',
      'What a route does for another is no part of the route.',
      { path: '^src/', pathNot: [tests, '^src/http/app\\.[jt]s$'] },
      { path: '^src/http/resources/.+/routes\\.[jt]s$' },
    ),
    only(
      'calls-know-no-resource',
      'What all calls go through is the same for every resource; what differs, the routes say.',
      { path: '^src/http/', pathNot: [tests, '^src/http/app\\.[jt]s$', '^src/http/resources/'] },
      { path: '^src/http/resources/' },
    ),
    only(
      'one-composition-root',
      'Only the composition root chooses a concrete store.',
      { path: '^src/', pathNot: [tests, compositionRoot, '^src/stores/'] },
      { path: '^src/stores/', pathNot: '^src/stores/ports/' },
    ),
    only(
      'people-in-one-place',
      'Only the portal stage knows the library that signs people in.',
      { path: '^src/', pathNot: [tests, '^src/portal/'] },
      { path: '(^|/)better-auth/' },
    ),
    only(
      'command-line-is-on-top',
      'Nothing but main.ts starts commands.',
      { path: '^src/', pathNot: [tests, '^src/cli/', '^src/main\\.[jt]s$'] },
      { path: '^src/cli/' },
    ),
    only(
      'testing-is-for-tests',
      'The program runs without its test tools.',
      { path: '^src/' },
      { path: '/testing/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'default'] },
    builtInModules: { add: ['node:sqlite'] },
  },
};

module.exports = configuration;
