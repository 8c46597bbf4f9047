// The order in which the parts of the program may know each other; ARCHITECTURE.md says why.
//
//   shared ◂── core ◂── config, telemetry ◂── stages ◂── stores ◂── wiring, gateway.ts ◂── cli ◂── main.ts
//                                               └─────── http ◂────────┘
//
// Stages may import the stores' ports; only the composition root imports a concrete store.
//
// Those of the portal, whose pages do not know each other:
//
//   shared ◂── api ◂── ui ◂── session ◂── layout, pages ◂── router.tsx ◂── main.tsx
//
// Run by scripts/check-dependencies.ts.

const stages =
  '^src/(sources|intake|routing|rendering|delivery|cluster|watching|recover|erasure|history|audit|upkeep|people|receiver)/';
const compositionRoot = '^src/((gateway|data-directory)\\.[jt]s$|wiring/)';
const tests = '\\.test\\.[jt]sx?$|/testing/|/conformance/';

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
        path: '^src/(sources|intake|delivery|watching|recover|erasure|audit|upkeep|people)/',
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
      'sqlite-knows-no-postgres',
      'Two stores have in common what stands in stores/sql.',
      { path: '^src/stores/sqlite/' },
      { path: '^src/stores/postgres/' },
    ),
    only(
      'postgres-knows-no-sqlite',
      'Two stores have in common what stands in stores/sql.',
      { path: '^src/stores/postgres/' },
      { path: '^src/stores/sqlite/' },
    ),
    only(
      'what-stores-share-knows-none',
      'What is written once for both stores knows neither.',
      { path: '^src/stores/(?!(sqlite|postgres)/)' },
      { path: '^src/stores/(sqlite|postgres)/' },
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
      'routes-ask-within-reach',
      'What belongs to accounts a route gets by the reach of its caller; stores show everything to whoever asks.',
      { path: '^src/http/resources/' },
      { path: '^src/http/(services|reach/(?!reach).+)\\.[jt]s$' },
    ),
    only(
      'one-composition-root',
      'Only the composition root chooses a concrete store.',
      { path: '^src/', pathNot: [tests, compositionRoot, '^src/stores/'] },
      { path: '^src/stores/', pathNot: '^src/stores/ports/' },
    ),
    only(
      'people-in-one-place',
      'Only the people stage knows the library that signs people in.',
      { path: '^src/', pathNot: [tests, '^src/people/'] },
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
      'Gateway and portal run without their test tools.',
      { path: '^(web/)?src/' },
      { path: '/testing/', pathNot: 'node_modules' },
    ),
    only(
      'gateway-knows-no-portal',
      'The gateway serves the portal as files.',
      { path: '^src/' },
      { path: '^web/' },
    ),
    only(
      'portal-knows-shared-only',
      'Of the gateway the portal knows what runs in browsers; everything else it asks the API for.',
      { path: '^web/src/' },
      { path: '^src/', pathNot: '^src/shared/' },
    ),
    only(
      'portal-runs-in-browsers',
      'A browser has nothing of Node.',
      { path: '^web/src/' },
      { dependencyTypes: ['core'] },
    ),
    only(
      'portal-api-stands-alone',
      'What asks the API does not know what becomes of the answer.',
      { path: '^web/src/api/' },
      { path: '^web/src/', pathNot: '^web/src/api/' },
    ),
    only(
      'portal-ui-is-told',
      'A piece of a page is told what to show and who may do what; it knows the API besides, nothing else.',
      { path: '^web/src/ui/' },
      { path: '^web/src/', pathNot: '^web/src/(api|ui)/' },
    ),
    only(
      'portal-session-knows-no-page',
      'Who is signed in, and what they may, is the same on every page.',
      { path: '^web/src/session/' },
      { path: '^web/src/', pathNot: '^web/src/(api|ui|session)/' },
    ),
    only(
      'portal-frame-knows-no-page',
      'The frame is the same around every page.',
      { path: '^web/src/layout/' },
      { path: '^web/src/', pathNot: '^web/src/(api|ui|session|layout)/' },
    ),
    only(
      'portal-pages-stand-alone',
      'A page knows neither another one nor the frame; what two of them need is ui.',
      { path: '^web/src/pages/([^/]+)/' },
      { path: '^web/src/', pathNot: ['^web/src/(api|ui|session)/', '^web/src/pages/$1/'] },
    ),
    only(
      'portal-map-opens-pages',
      'Only the map knows which pages there are.',
      { path: '^web/src/', pathNot: [tests, '^web/src/(pages/|router\\.[jt]sx$)'] },
      { path: '^web/src/pages/' },
    ),
    only(
      'portal-pages-load-late',
      'A page is loaded when it is first opened.',
      { path: '^web/src/router\\.[jt]sx$' },
      { path: '^web/src/pages/', dynamic: false },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'default'] },
    builtInModules: { add: ['node:sqlite'] },
  },
};

module.exports = configuration;
