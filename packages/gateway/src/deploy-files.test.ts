import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseConfig } from './config/index.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DEPLOY = join(ROOT, 'deploy/gateway');
const read = (file: string) => readFileSync(join(DEPLOY, file), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: any shape of YAML is read here, and a wrong one fails the test.
type Yaml = any;

function documents(file: string): Yaml[] {
  return parseAllDocuments(read(file)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Yaml;
  });
}

const KUBERNETES = ['kubernetes/deployment.yaml', 'kubernetes/sidecar.yaml'];
const resources = KUBERNETES.flatMap((file) =>
  documents(file).map((resource): [string, Yaml] => [file, resource]),
);
const named = (kind: string, name: string) =>
  resources.find(([, found]) => found.kind === kind && found.metadata.name === name)?.[1];
const pods = resources.flatMap(([, { spec }]) => spec?.template?.spec ?? []) as Yaml[];
const containers = pods.flatMap((pod) => [...(pod.initContainers ?? []), ...pod.containers]) as Yaml[];

describe('the gateway in deploy/gateway', () => {
  test.each([
    ['gateway.yaml', () => read('gateway.yaml')],
    ...KUBERNETES.map((file): [string, () => string] => [
      file,
      () => documents(file).find(({ kind }) => kind === 'ConfigMap').data['gateway.yaml'],
    ]),
  ])('the config of %s can be used', (file, text) => {
    expect(parseConfig(text(), { file }).routes.map(({ name }) => name)).toEqual(['gpt-4o-mini']);
  });

  test('every container has what a container has, and may do no more than it needs', () => {
    for (const container of containers) {
      const { name, image, command = [], args = [], env = [], securityContext, resources } = container;
      const { startupProbe, lifecycle } = container;
      const run = [startupProbe, lifecycle?.preStop].flatMap((each) => each?.exec?.command ?? []);
      for (const word of [...command, ...args, ...run]) expect(word, name).toBeTypeOf('string');
      for (const { value } of env) expect(value, name).toBeTypeOf('string');
      expect(image, name).toMatch(/:[\w.-]+$/);
      if (name === 'agent') continue;
      expect(securityContext, name).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources.limits.memory, name).toBeDefined();
    }
    expect(containers.map(({ name }) => name)).toEqual(['gateway', 'valkey', 'firstword-gateway', 'agent']);
  });

  test('selectors, services, volumes and policies name what is there', () => {
    for (const [file, { kind, spec }] of resources) {
      if (kind === 'Deployment')
        expect(spec.template.metadata.labels, file).toEqual(spec.selector.matchLabels);
      if (kind === 'Service') {
        const target = resources.find(
          ([, other]) =>
            other.kind === 'Deployment' &&
            other.spec.selector.matchLabels['app.kubernetes.io/name'] ===
              spec.selector['app.kubernetes.io/name'],
        )![1];
        const ports = target.spec.template.spec.containers[0].ports.map((port: Yaml) => port.name);
        for (const { targetPort } of spec.ports) expect(ports, file).toContain(targetPort);
      }
    }
    for (const { volumes = [], containers: own, initContainers = [] } of pods) {
      const names = volumes.map(({ name }: Yaml) => name);
      for (const { volumeMounts = [] } of [...own, ...initContainers])
        for (const { name } of volumeMounts) expect(names).toContain(name);
      for (const { configMap } of volumes)
        if (configMap) expect(named('ConfigMap', configMap.name)).toBeDefined();
    }
    expect(named('Service', 'firstword-valkey').spec.ports[0].port).toBe(6379);
    const { env } = containers[0];
    expect(env).toContainEqual({ name: 'VALKEY_URL', value: 'redis://firstword-valkey:6379' });
  });

  test('there is time for answers under way, everywhere', () => {
    // server.drainMs is 30 s.
    for (const pod of pods)
      if (pod.containers[0].name === 'gateway') expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(35);
    const [compose] = documents('compose.yml');
    expect(compose.services.gateway.stop_grace_period).toBe('45s');
    expect(read('firstword-gateway.service')).toContain('TimeoutStopSec=45');
  });

  test('compose mounts files that exist, and publishes nothing beyond this machine', () => {
    const [{ services }] = documents('compose.yml');
    for (const { volumes = [], network_mode, ports } of Object.values<Yaml>(services)) {
      for (const volume of volumes as string[])
        if (volume.startsWith('.'))
          expect(existsSync(join(DEPLOY, volume.split(':')[0]!)), volume).toBe(true);
      expect(network_mode).toBe('host');
      expect(ports).toBeUndefined();
    }
    expect(services.valkey.command.join(' ')).toContain('--bind 127.0.0.1');
    expect(existsSync(join(ROOT, services.gateway.build.dockerfile))).toBe(true);
  });

  test('the image and the service start the command with its config', () => {
    const dockerfile = read('Dockerfile');
    const bin = 'node_modules/firstword/bin/firstword.js';
    expect(dockerfile).toContain(`ENTRYPOINT ["node", "${bin}", "gateway"]`);
    expect(read('firstword-gateway.service')).toContain(
      `ExecStart=/usr/bin/node /opt/firstword/${bin} gateway --config /etc/firstword/gateway.yaml`,
    );
    expect(existsSync(join(ROOT, 'packages/firstword/bin/firstword.js'))).toBe(true);
    const scripts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts as object;
    for (const [, script] of dockerfile.matchAll(/npm run ([\w:]+)/g))
      expect(scripts).toHaveProperty(script!);
  });
});
