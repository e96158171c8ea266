import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectAnswer, expectSpoken } from './support/call.js';
import { installedIn } from './support/modules.js';
import { tail } from './support/process.js';
import { addFiles, Project } from './support/project.js';

const setup = inject('install');

const TSC = join('node_modules', '.bin', 'tsc');

const COMPILER_OPTIONS = {
  target: 'ES2022',
  lib: ['ES2023'],
  types: ['node'],
  strict: true,
  noUnusedLocals: true,
  skipLibCheck: false,
  rootDir: 'src',
};
const MANIFEST = {
  type: 'module',
  dependencies: { '@livekit/agents': '^1.9.0', '@livekit/rtc-node': '^0.13.34', zod: '^4.1.8' },
  devDependencies: { '@types/node': '^22.0.0', typescript: '^6.0.0' },
};
/** What a user changes in `src/main.ts`. */
const CHANGES: readonly [before: string, after: string][] = [
  ['import {\n  cli,', "import { AgentSession } from '@firstword/livekit';\nimport {\n  cli,"],
  ['new voice.AgentSession(', 'new AgentSession('],
];

/** Errors of `tsc`: those of the project and of Firstword in full, those of other packages as `package: error`. */
function typeErrors(output: string): { ours: string[]; others: string[] } {
  const errors = output.split('\n').filter((line) => /: error TS\d+:/.test(line));
  const packageOf = (line: string) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\/[^(]+\(/.exec(line)?.[1];
  const isOurs = (line: string) => packageOf(line)?.startsWith('@firstword/') ?? true;
  const others = errors
    .filter((line) => !isOurs(line))
    .map((line) => `${packageOf(line)}: ${/error TS\d+: [^.]+/.exec(line)![0]}`);
  return { ours: errors.filter(isOurs), others: [...new Set(others)] };
}

describe.skipIf(!setup)('pnpm, agents ^1.9.0, TypeScript, a worker as in the starter of LiveKit', () => {
  let project: Project;

  beforeAll(async () => {
    project = new Project({ setup: setup!, name: 'starter', manager: 'pnpm', manifest: MANIFEST });
    const names = ['scripted-parts', 'caller', 'main', 'agent', 'noise-cancellation', 'call'];
    addFiles(project, names, { as: 'ts', to: 'src' });
    const nodenext = { ...COMPILER_OPTIONS, module: 'nodenext', outDir: 'dist' };
    const bundler = { ...COMPILER_OPTIONS, module: 'esnext', moduleResolution: 'bundler', noEmit: true };
    project.write('tsconfig.nodenext.json', JSON.stringify({ compilerOptions: nodenext, include: ['src'] }));
    project.write('tsconfig.bundler.json', JSON.stringify({ compilerOptions: bundler, include: ['src'] }));
    project.write(
      '.env.local',
      'LIVEKIT_URL=ws://127.0.0.1:1\nLIVEKIT_API_KEY=key\nLIVEKIT_API_SECRET=secret\n',
    );
    await project.install('add', '@firstword/livekit');
  });
  afterAll(() => project.remove());

  it('has one copy of LiveKit', () => {
    expect(installedIn(project.folder).filter(({ name }) => name === '@livekit/agents')).toHaveLength(1);
  });

  it('answers before the change, with LiveKit alone', async () => {
    await project.succeed(TSC, ['-p', 'tsconfig.nodenext.json', '--noCheck']);
    await expectSpoken(project, { file: 'dist/call.js', setup: setup! });
  });

  it('compiles after a change of two lines', async () => {
    const before = project.read('src/main.ts');
    const after = CHANGES.reduce((text, [from, to]) => text.replace(from, to), before);
    const lines = new Set(before.split('\n'));
    expect(after.split('\n').filter((line) => !lines.has(line))).toHaveLength(2);
    project.write('src/main.ts', after);
    for (const module of ['nodenext', 'bundler']) {
      const { ours, others } = typeErrors((await project.run(TSC, ['-p', `tsconfig.${module}.json`])).stdout);
      expect(ours, module).toEqual([]);
      if (others.length > 0)
        console.log(`${module}: type errors in packages of others:\n${others.join('\n')}`);
      // LiveKit's own types need @types/ws and @types/json-schema, which it does not bring.
      for (const other of others) expect(other).toMatch('@livekit/');
    }
  });

  it('answers after the change, and keeps noise cancellation and the keys', async () => {
    const report = await expectAnswer(project, { file: 'dist/call.js', setup: setup! });
    expect(report.noiseCancellation).toEqual({ moduleId: 'scripted', options: {} });
    expect(report.livekitUrl).toBe('ws://127.0.0.1:1');
    expect(report.records[0]!.speculation?.started).toBeGreaterThan(0);
  });

  it('starts as a worker that connects with the keys of .env.local', async () => {
    const asked: string[] = [];
    const server = createServer().listen(0, '127.0.0.1');
    const connected = new Promise<void>((resolve) => {
      server.on('upgrade', ({ url, headers }, socket) => {
        asked.push(url ?? '', headers.authorization ?? '');
        socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
        resolve();
      });
    });
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      const env = project.read('.env.local').replace(/LIVEKIT_URL=.*/, `LIVEKIT_URL=ws://127.0.0.1:${port}`);
      project.write('.env.local', env);
      const worker = project.start('node', ['dist/main.js', 'start']);
      await Promise.race([connected, worker.ended.then((result) => expect.fail(tail(result)))]);
      await worker.stop();
    } finally {
      server.closeAllConnections();
      server.close();
    }
    expect(asked[0]).toMatch(/^\/agent/);
    const claims = JSON.parse(Buffer.from(asked[1]!.split('.')[1]!, 'base64url').toString());
    expect(claims.iss).toBe('key');
  });

  it('says so if LiveKit is too old', async () => {
    await project.install('add', '--save-exact', '@livekit/agents@1.8.1');
    const ended = await project.run('node', ['dist/call.js', setup!.recording]);
    expect(ended.code, tail(ended)).not.toBe(0);
    expect(tail(ended)).toContain('@livekit/agents 1.8.1 is installed');
  });
});
