import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Emulator, startEmulator } from '@firstword/emulator';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { CLIENTS, livekitClient, pipecatClient } from './clients/clients.js';
import { type GatewayProcess, startGatewayProcess } from './clients/gateway-process.js';
import { type InstalledClient, NotInstalled } from './clients/installed-clients.js';
import { commandsOf, type PageBlock, pageBlocks } from './clients/page-blocks.js';
import { type RecordingProxy, startRecordingProxy } from './clients/recording-proxy.js';
import { finished, firstword } from './support/cli.js';

/** The receptionist's answer to the pages' question contains one of these. */
const ANSWER = /noon|open/i;
const TOKEN = 'a-token-of-the-page-suite';
const PAGES = ['gateway-livekit-python', 'gateway-pipecat', 'gateway-custom-llm', 'gateway-sdk'];

let folder: string;
let emulator: Emulator;
let upstream: RecordingProxy;
let gateway: GatewayProcess;
let guarded: GatewayProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstword-pages-'));
  const profile = (name: string, ms: number) => ({
    name,
    ttft: { p50Ms: ms, p95Ms: ms, maxMs: ms },
    source: 'synthetic: for tests',
  });
  emulator = await startEmulator({ profiles: [profile('gpt-4o-mini', 30), profile('slow', 1_500)] });
  upstream = await startRecordingProxy(emulator.origin);
  const model = (name: string) => `custom:${name}@${upstream.origin}/v1`;
  const routes = { 'gpt-4o-mini': [model('gpt-4o-mini')], slow: [model('slow'), model('gpt-4o-mini')] };
  gateway = await startGatewayProcess({ folder, config: { routes } });
  const unknown = { call: null, phoneNumber: null, customer: null, metadata: null };
  const receptionist = { models: [{ model: model('gpt-4o-mini'), body: unknown }], voice: true };
  guarded = await startGatewayProcess({
    folder: await mkdtemp(join(folder, 'guarded-')),
    config: { routes: { receptionist } },
    env: { FIRSTWORD_GATEWAY_TOKEN: TOKEN },
  });
});
afterAll(async () => {
  await Promise.all([gateway?.stop(), guarded?.stop()]);
  await upstream?.close();
  await emulator?.close();
  await rm(folder, { recursive: true, force: true });
});

const originOf = ({ baseUrl }: GatewayProcess) => baseUrl.replace(/\/v1$/, '');
const blocksOf = (page: string, language: string, at = gateway): PageBlock[] =>
  pageBlocks(page, originOf(at)).filter((block) => block.language === language);

/** The client, or a skipped test on a machine that cannot have it. */
async function installed(
  context: TestContext,
  install: () => Promise<InstalledClient>,
): Promise<InstalledClient> {
  try {
    return await install();
  } catch (error) {
    if (error instanceof NotInstalled)
      return context.skip(`NOT RUN: it cannot be installed here: ${error.message}`);
    throw error;
  }
}

const clientNamed = (name: string) => CLIENTS.find((one) => one.name === name)!.install;

describe.each(PAGES)('%s', (page) => {
  const commands = () =>
    blocksOf(page, 'sh', page === 'gateway-custom-llm' ? guarded : gateway).flatMap(commandsOf);

  it('starts the gateway with commands that the command accepts', async () => {
    const starts = commands().filter((command) => command.startsWith('npx firstword gateway'));
    expect(starts.length).toBeGreaterThan(0);
    const config = blocksOf(page, 'yaml')[0];
    for (const command of starts) {
      const file = join(folder, 'gateway.yaml');
      if (config) await writeFile(file, config.code);
      const args = command.replace('npx firstword ', '').replace('gateway.yaml', file).split(' ');
      const keys = { OPENAI_API_KEY: 'any', GROQ_API_KEY: 'any' };
      const { code, stdout, stderr } = await finished(firstword([...args, '--check'], { env: keys }));
      expect(code, `${command}: ${stdout}${stderr}`).toBe(0);
    }
  });

  it('shows requests that the gateway answers', async () => {
    const requests = commands().filter((command) => command.startsWith('curl'));
    expect(requests.length).toBeGreaterThan(0);
    const env = { ...process.env, FIRSTWORD_GATEWAY_TOKEN: TOKEN };
    for (const command of requests) {
      const { stdout } = await promisify(execFile)('bash', ['-c', command], { env });
      expect(stdout, command).toMatch(ANSWER);
      if (command.includes(' -si '))
        expect(stdout).toMatch(
          /^x-firstword-trace: \{.*^server-timing: |^server-timing: .*^x-firstword-trace: \{/ms,
        );
    }
  });
});

describe('gateway-sdk', () => {
  const CLIENT_OF: [RegExp, string][] = [
    [/from openai import/, 'openai for Python'],
    [/import anthropic/, 'anthropic for Python'],
    [/from 'openai'/, 'openai for Node'],
    [/from '@anthropic-ai\/sdk'/, 'anthropic for Node'],
    [/from '@ai-sdk\/openai'/, 'Vercel AI SDK'],
  ];

  it.for(CLIENT_OF)('runs %s', async ([imports, name], context) => {
    const blocks = [...blocksOf('gateway-sdk', 'python'), ...blocksOf('gateway-sdk', 'js')];
    const programs = blocks.filter(({ code }) => imports.test(code));
    expect(programs.length).toBe(1);
    const client = await installed(context, clientNamed(name));
    for (const { place, code } of programs) expect(await client.runCode(code), place).toMatch(ANSWER);
  });
});

describe('gateway-livekit-python', () => {
  async function withHelper(): Promise<NodeJS.ProcessEnv> {
    const blocks = blocksOf('gateway-livekit-python', 'python');
    const helper = blocks.find(({ file }) => file === 'gateway_voice.py')!;
    expect(helper.code.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    await writeFile(join(folder, 'gateway_voice.py'), helper.code);
    const programs = blocks.filter(({ file }) => file === undefined).map(({ code }) => code);
    return { GATEWAY_VOICE: folder, PAGE_BLOCKS: JSON.stringify(programs) };
  }

  it('makes models that answer in a session', async (context) => {
    const client = await installed(context, () => livekitClient('page_livekit.py'));
    const { page } = await client.run(gateway.baseUrl, [], await withHelper());
    expect(page).toHaveLength(2);
    for (const answers of page as string[][]) expect(answers.join(' ')).toMatch(ANSWER);
  });

  it('tells the gateway about a speculation, and when the caller waits', async (context) => {
    const client = await installed(context, () => livekitClient('livekit_voice.py'));
    upstream.take();
    const { turn } = await client.run(gateway.baseUrl, [], await withHelper());
    const { sent, answer, started, ended } = turn as {
      sent: { path: string; headers: Record<string, string>; status: number; atUnixMs: number }[];
      answer: string[];
      started: number;
      ended: number;
    };
    expect(answer.join(' ')).toMatch(ANSWER);
    const asked = sent.find(({ path }) => path.endsWith('/chat/completions'))!;
    const confirmed = sent.find(({ path }) => path.includes('/firstword/confirm/'))!;
    const id = asked.headers['x-firstword-speculative'];
    expect(asked.headers['x-firstword-session']).toMatch(/^[0-9a-f]{32}$/);
    expect(confirmed.path.endsWith(`/${id}`)).toBe(true);
    expect(confirmed.status).toBe(204);
    const since = Number(confirmed.headers['x-firstword-waiting-since-ms']);
    expect(since).toBeGreaterThan(started);
    expect(since).toBeLessThan(ended);
    // The model that answers after 1.5 s was hedged, and only once the caller waited.
    expect(upstream.take().map(({ body }) => (body as { model: string }).model)).toEqual([
      'slow',
      'gpt-4o-mini',
    ]);
  });
});

describe('gateway-pipecat', () => {
  it('makes services that answer, the second with the moment at which the caller stopped', async (context) => {
    const client = await installed(context, () => pipecatClient('page_pipecat.py'));
    const blocks = blocksOf('gateway-pipecat', 'python').map(({ code }) => code);
    const { page } = await client.run(gateway.baseUrl, [], { PAGE_BLOCKS: JSON.stringify(blocks) });
    const results = page as { text: string; stoppedMs: number; headers: Record<string, string> }[];
    expect(results).toHaveLength(2);
    for (const { text } of results) expect(text).toMatch(ANSWER);
    expect(results[0]!.headers).toEqual({});
    expect(results[1]!.headers['x-firstword-session']).toMatch(/^[0-9a-f]{32}$/);
    const since = Number(results[1]!.headers['x-firstword-waiting-since-ms']);
    expect(Math.abs(since - results[1]!.stoppedMs)).toBeLessThan(5);
  });
});

describe('gateway-custom-llm', () => {
  /** What Vapi's API reference says a custom LLM is sent with metadataSendMode `variable`. */
  const REQUEST = {
    model: 'receptionist',
    stream: true,
    temperature: 0.3,
    max_tokens: 250,
    messages: [{ role: 'user', content: 'When do you open?' }],
    call: { id: 'call-1', type: 'webCall' },
    phoneNumber: { number: '+15550100' },
    customer: { number: '+15550101' },
    metadata: { clinic: 7 },
  };
  const ask = (token: string) =>
    fetch(`${guarded.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(REQUEST),
    });

  it('answers a platform’s request, and keeps its own fields from the provider', async () => {
    upstream.take();
    const response = await ask(TOKEN);
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/data: \[DONE\]\s*$/);
    const [sent] = upstream.take();
    expect(sent!.body).toMatchObject({ temperature: 0.3, max_tokens: 250, messages: REQUEST.messages });
    for (const field of ['call', 'phoneNumber', 'customer', 'metadata'])
      expect(sent!.body).not.toHaveProperty(field);
  });

  it('refuses a wrong token', async () => {
    expect((await ask('wrong')).status).toBe(401);
  });

  it('shows config files that the command accepts', async () => {
    const [whole, removing, hosts] = blocksOf('gateway-custom-llm', 'yaml', guarded);
    const files = [whole!.code, removing!.code, `${whole!.code}${hosts!.code}`];
    for (const [at, text] of files.entries()) {
      const file = join(folder, `page-${at}.yaml`);
      await writeFile(file, text);
      const env = { OPENAI_API_KEY: 'any', GROQ_API_KEY: 'any' };
      const { code, stdout, stderr } = await finished(
        firstword(['gateway', '--config', file, '--check'], { env }),
      );
      expect(code, `${text}${stdout}${stderr}`).toBe(0);
    }
  });
});
