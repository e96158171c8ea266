import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EXAMPLE_FILES, EXAMPLES, textOf } from './support/example-files.js';
import { type FakeServer, startFakeServer } from './support/fake-server.js';

/** LiveKit's own exit code after SIGTERM. */
const STOPPED = 143;

let server: FakeServer;
/** A project outside this repository, with every example compiled. */
let project = '';

const compiled = (path: string) => basename(path).replace(/\.ts$/, '.js');

beforeAll(async () => {
  server = await startFakeServer();
  project = await mkdtemp(join(tmpdir(), 'firstword-examples-'));
  await symlink(join(EXAMPLES, '..', 'node_modules'), join(project, 'node_modules'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  for (const path of EXAMPLE_FILES) {
    const { outputText } = ts.transpileModule(textOf(path), { compilerOptions });
    await writeFile(join(project, compiled(path)), outputText);
  }
});

afterAll(async () => {
  server.close();
  await rm(project, { recursive: true, force: true });
});

/** What a process has written, and its exit code once its output is closed by it and all its children. */
interface Ended {
  code: number | null;
  output: string;
}

/** `node example.js dev` in the project. */
function startWorker(path: string): { worker: ChildProcess; ended: Promise<Ended> } {
  const { LIVEKIT_URL: _, LIVEKIT_API_KEY: _key, LIVEKIT_API_SECRET: _secret, ...env } = process.env;
  const worker = spawn(process.execPath, [compiled(path), 'dev'], { cwd: project, env });
  let output = '';
  for (const stream of [worker.stdout, worker.stderr])
    stream.on('data', (text: Buffer) => {
      output += text;
    });
  onTestFinished(() => void worker.kill('SIGKILL'));
  const ended = once(worker, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { worker, ended };
}

describe('without keys', () => {
  it.each(['router-agent.ts', 'starter/after.ts'])('%s says which are missing, and ends', async (path) => {
    await rm(join(project, '.env.local'), { force: true });
    const { code, output } = await startWorker(path).ended;
    expect(output).toMatch(/Set LIVEKIT_URL, LIVEKIT_API_KEY,? .*LIVEKIT_API_SECRET.* in \.env\.local/);
    expect(code).toBe(1);
  });
});

describe('with keys in .env.local', () => {
  beforeAll(async () => {
    const keys = [`LIVEKIT_URL=${server.url}`, 'LIVEKIT_API_KEY=key', 'LIVEKIT_API_SECRET=secret'];
    await writeFile(join(project, '.env.local'), [...keys, 'OPENAI_API_KEY=a', 'GROQ_API_KEY=b'].join('\n'));
  });

  it.each(EXAMPLE_FILES)('%s registers as a worker, and ends with its processes on SIGTERM', async (path) => {
    const registration = server.registered();
    const { worker, ended } = startWorker(path);
    const first = await Promise.race([registration, ended]);
    if ('output' in first) throw new Error(`It has ended with ${first.code}: ${first.output}`);
    expect(first.agentName).toBe(path.startsWith('starter/') ? 'my-agent' : '');
    worker.kill('SIGTERM');
    const { code, output } = await ended;
    expect(output).not.toContain('Set LIVEKIT_URL');
    expect(code).toBe(STOPPED);
  });
});
