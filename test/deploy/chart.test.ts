import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Compile } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configKeys } from '../../src/config/keys.ts';

const directory = join(import.meta.dirname, '../../deploy/helm/hookwire');
const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
const chart = parse(read('Chart.yaml'));
const values = parse(read('values.yaml'));
const schema = JSON.parse(read('values.schema.json'));
const validator = Compile(schema);
const takes = (changes: object): boolean => validator.Check({ ...values, ...changes });
const templates = globSync('templates/**/*.yaml', { cwd: directory });
const keys = Object.values(configKeys);
const secretKeys = keys.filter(({ secret }) => secret).map(({ name }) => name);

/** What Helm makes of a template where every condition holds, without what is put in: that is Helm's to say (check:deploy). */
function shapeOf(template: string) {
  const lines = read(template)
    .split('\n')
    .filter((line) => !/^\s*\{\{.*\}\}\s*$/.test(line));
  return parse(lines.join('\n').replace(/\{\{.*?\}\}/g, '0'));
}

describe('the Helm chart', () => {
  it('is for the version of the gateway that it lies beside', () => {
    const { version } = JSON.parse(readFileSync(join(directory, '../../../package.json'), 'utf8'));
    expect(chart).toMatchObject({ apiVersion: 'v2', name: 'hookwire', appVersion: version });
    expect(chart.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('takes its own defaults, and what the README sets', () => {
    expect(takes({})).toBe(true);
    const [, sample = ''] = /```yaml\n([\s\S]*?)```/.exec(read('README.md')) ?? [];
    expect(Object.keys(parse(sample))).toContain('existingSecret');
    expect(takes(parse(sample))).toBe(true);
  });

  it.each([
    ['a misspelt value', { replicas: 3 }],
    ['no replica', { replicaCount: -1 }],
    ['a number for a key', { config: { HOOKWIRE_COURIERS: 2 } }],
    ['a key of nobody', { config: { COURIERS: '2' } }],
    [
      'a Secret of one’s own and secrets besides',
      { existingSecret: 'mine', secrets: { HOOKWIRE_MASTER_KEY: 'x' } },
    ],
    ['an ingress without a host', { ingress: { enabled: true, hosts: [] } }],
    ['a digest that is none', { image: { repository: 'hookwire', digest: 'latest' } }],
  ])('refuses %s', (_what, changes) => {
    expect(takes(changes)).toBe(false);
  });

  it('takes keys of the configuration, but for those that are secret and those that it sets itself', () => {
    const own = ['HOOKWIRE_PORT', 'HOOKWIRE_DATA_DIR', 'HOOKWIRE_SHUTDOWN_TIMEOUT_MS'];
    const refused = keys.map(({ name }) => name).filter((name) => !takes({ config: { [name]: 'x' } }));
    expect(refused.sort()).toEqual([...secretKeys, ...own].sort());
  });

  it('takes as secrets those that are secret', () => {
    const taken = keys.map(({ name }) => name).filter((name) => takes({ secrets: { [name]: 'x' } }));
    expect(taken.sort()).toEqual([...secretKeys].sort());
  });

  it('has a default for every value that it asks for, and asks for every one', () => {
    const texts = globSync('templates/**/*.*', { cwd: directory }).map(read).join('\n');
    const asked = new Set([...texts.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = '']) => path));
    const has = (path: string) =>
      path
        .split('.')
        .reduce((at: unknown, name) => (at as Record<string, unknown> | undefined)?.[name], values) !==
      undefined;
    expect([...asked].filter((path) => !has(path) && !path.startsWith('secrets.'))).toEqual([]);
    const tops = new Set([...asked].map((path) => path.split('.')[0]));
    expect(Object.keys(values).filter((name) => !tops.has(name))).toEqual([]);
    expect(Object.keys(schema.properties).filter((name) => name !== 'global')).toEqual(
      expect.arrayContaining(Object.keys(values)),
    );
  });

  it.each(templates)('has YAML in %s, of one thing that Kubernetes knows', (template) => {
    const shape = shapeOf(template);
    expect(shape).toMatchObject({ apiVersion: expect.any(String), metadata: { name: expect.anything() } });
    const [kind = ''] = basename(template).split('.');
    if (kind !== 'ready') expect(shape.kind.toLowerCase()).toBe(kind);
  });

  it('starts pods that get no variables of services, and write to nothing that lasts', () => {
    const { spec } = shapeOf('templates/deployment.yaml').spec.template;
    // A Service that is named hookwire would be HOOKWIRE_PORT, and others that the gateway refuses to start with.
    expect(spec).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false });
    expect(spec.volumes).toEqual([
      { name: 'data', emptyDir: expect.anything() },
      { name: 'tmp', emptyDir: expect.anything() },
    ]);
    const [container] = spec.containers;
    expect(container).toMatchObject({
      startupProbe: { httpGet: { path: '/healthz', port: 'http' } },
      livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      volumeMounts: [
        { name: 'data', mountPath: '/var/lib/hookwire' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    });
  });

  it('runs containers as the user of the image, without any right', () => {
    const helpers = read('templates/_helpers.tpl');
    const define = (name: string) =>
      parse(new RegExp(`define "hookwire.${name}" -}}\\n([\\s\\S]*?)\\{\\{- end`).exec(helpers)?.[1] ?? '');
    expect(define('podSecurityContext')).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(define('containerSecurityContext')).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const dockerfile = readFileSync(join(directory, '../../Dockerfile'), 'utf8');
    expect(dockerfile).toContain('USER 10001:10001');
  });

  it('replaces pods one after another, and none before the next takes work', () => {
    expect(values.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    expect(values.shutdownTimeoutMs).toBe(Number(configKeys.shutdownTimeoutMs.default));
  });
});
