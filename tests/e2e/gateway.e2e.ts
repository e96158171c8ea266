import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '@firstword/emulator';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Cli, finished, firstword } from './support/cli.js';
import { tempDir } from './support/temp.js';

/** Slow enough for a signal in the middle of an answer. */
const TOKENS_PER_SECOND = 8;
const KEY = 'sk-e2e-this-key-is-never-shown';
const PRIVATE = 'a table for Rumpelstiltskin';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ tokensPerSecond: TOKENS_PER_SECOND });
});

afterAll(() => emulator.close());

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Cli {
  const cli = firstword(['gateway', '--no-warm-up', ...args], { env });
  onTestFinished(() => cli.kill());
  return cli;
}

const run = (...args: string[]) => finished(start(args));

/** A config file with these lines, in a folder of its own. */
async function configFile(text: string): Promise<string> {
  const file = join(await tempDir(), 'gateway.yaml');
  await writeFile(file, text);
  return file;
}

const model = (name: string) => `custom:${name}@${emulator.urlFor('instant')}`;

/** Starts a gateway and returns its base URL. */
async function started(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ cli: Cli; url: string }> {
  const cli = start([...args, '--port', '0', '--json'], env);
  const line = await cli.stdout.until('address', (text) => text.startsWith('{'));
  return { cli, url: (JSON.parse(line) as { url: string }).url };
}

function ask(
  url: string,
  options: { name?: string; stream?: boolean; text?: string } = {},
): Promise<Response> {
  const { name = 'a', stream = false, text = 'What time are you open on Friday?' } = options;
  return fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: name, stream, messages: [{ role: 'user', content: text }] }),
  });
}

/** A streaming answer that is under way: its first piece has come. */
async function streaming(url: string, name = 'a'): Promise<{ rest: Promise<string> }> {
  const response = await ask(url, { name, stream: true });
  expect(response.status).toBe(200);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const { value: first = '' } = await reader.read();
  const readRest = async () => {
    let text = first;
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
    return text;
  };
  return { rest: readRest() };
}

const isWhole = (text: string) =>
  /"finish_reason":"stop"/.test(text) && text.trimEnd().endsWith('data: [DONE]');

describe('firstword gateway', () => {
  it('answers any model name without a config file or a key, and says what to set', async () => {
    const cli = start(['emulated:instant', 'emulated:gpt-4o-mini', '--port', '0']);
    const line = await cli.stdout.until('what to set', (text) => text.includes('base_url'));
    expect(cli.stdout.all.join('\n')).toMatch(
      /instant {2}emulated:instant, then emulated:gpt-4o-mini; also every/,
    );
    const url = /base_url="([^"]+)"/.exec(line)![1]!;
    for (const name of ['instant', 'gpt-9-turbo']) {
      const response = await ask(url, { name });
      expect(response.status).toBe(200);
      expect(response.headers.get('x-firstword-emulated')).not.toBeNull();
    }
    cli.signal('SIGINT');
    expect((await cli.ended).code).toBe(130);
    expect(cli.stderr.all).toEqual([]);
  });

  it('refuses model names that no route has, with a config file', async () => {
    const file = await configFile(`routes: { hello: ["${model('instant')}"] }\n`);
    const { url } = await started(['--config', file]);
    const response = await ask(url, { name: 'helo' });
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(/Did you mean hello/);
  });

  it('needs a token beyond loopback, and checks it', async () => {
    const refused = await run('emulated:instant', '--host', '0.0.0.0', '--port', '0');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/FIRSTWORD_GATEWAY_TOKEN for clients/);
    const env = { FIRSTWORD_GATEWAY_TOKEN: KEY };
    const { cli, url } = await started(['emulated:instant', '--host', '0.0.0.0'], env);
    const local = url.replace('0.0.0.0', '127.0.0.1');
    expect((await ask(local)).status).toBe(401);
    const headers = { authorization: `Bearer ${KEY}` };
    expect((await fetch(`${local}/models`, { headers })).status).toBe(200);
    expect(cli.stderr.all.join('\n')).toMatch(/unencrypted/);
    expect(cli.stderr.all.join('\n')).not.toContain(KEY);
  });

  it('tells a problem once, without words or keys, and each request only when asked to', async () => {
    const silent = createServer((socket) => socket.destroy());
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      silent.close();
    });
    const { port } = silent.address() as { port: number };
    const models = [`openai:gone@http://127.0.0.1:${port}/v1`, 'emulated:instant'];
    const { cli, url } = await started([...models, '--log', 'requests'], { OPENAI_API_KEY: KEY });
    for (let times = 0; times < 3; times += 1) expect((await ask(url, { text: PRIVATE })).status).toBe(200);
    await cli.stderr.until('third request', (text) => text.includes('openai-chat'), { from: 3 });
    const told = cli.stderr.all.filter((text) => /openai gone failed \(/.test(text));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/answered by emulated instant/);
    expect(cli.stderr.all.join('\n')).not.toMatch(/Rumpelstiltskin|sk-e2e/);
  });
});

describe('a reload', () => {
  it('takes new routes over without dropping an answer, and keeps the old ones when the file is broken', async () => {
    const before = `routes:\n  a: ["${model('x')}"]\n  b: ["${model('x')}"]\n`;
    const file = await configFile(before);
    const { cli, url } = await started(['--config', file]);
    const running = await Promise.all([streaming(url, 'a'), streaming(url, 'b')]);
    await writeFile(
      file,
      `routes:\n  a: ["${model('x')}"]\n  c: { models: ["${model('y')}"], giveUpAfterMs: 5000 }\n`,
    );
    cli.signal('SIGHUP');
    await cli.stderr.until('reload', (text) =>
      text.includes('was read again: 2 routes, 1 of them as before'),
    );
    expect((await ask(url, { name: 'c' })).status).toBe(200);
    expect((await ask(url, { name: 'b' })).status).toBe(404);
    for (const { rest } of running) expect(isWhole(await rest)).toBe(true);

    await writeFile(file, 'routes:\n  a: [grok:x]\n');
    cli.signal('SIGHUP');
    const line = await cli.stderr.until('refusal', (text) => text.includes('was not taken over'));
    expect(line).toMatch(/gateway.yaml:2:7: There is no provider "grok"/);
    expect((await ask(url, { name: 'c' })).status).toBe(200);
  });
});

describe('a stop', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('by %s waits for the answers under way, and takes no new ones', async (name, code) => {
    const file = await configFile(`routes: { a: ["${model('x')}"] }\n`);
    const { cli, url } = await started(['--config', file]);
    const { rest } = await streaming(url);
    cli.signal(name);
    await cli.stderr.until('waiting', (text) => text.includes('waits up to 30 s for 1 answer'));
    const late = await ask(url).then(
      ({ status }) => status,
      () => 'refused',
    );
    expect([503, 'refused']).toContain(late);
    expect(isWhole(await rest)).toBe(true);
    expect((await cli.ended).code).toBe(code);
  });

  it('ends what is left after drainMs with an error, not with a whole answer', async () => {
    const file = await configFile(`routes: { a: ["${model('x')}"] }\nserver: { drainMs: 100 }\n`);
    const { cli, url } = await started(['--config', file]);
    const { rest } = await streaming(url);
    const cut = rest.catch(() => 'cut off');
    cli.signal('SIGTERM');
    expect((await cli.ended).code).toBe(143);
    expect(await cut).toMatch(/"error":|cut off/);
    expect(isWhole(await cut)).toBe(false);
  });

  it('by a second signal is at once', async () => {
    const file = await configFile(`routes: { a: ["${model('x')}"] }\n`);
    const { cli, url } = await started(['--config', file]);
    const { rest } = await streaming(url);
    const cut = rest.catch(() => 'cut off');
    cli.signal('SIGTERM');
    await cli.stderr.until('waiting', (text) => text.includes('waits up to'));
    cli.signal('SIGTERM');
    expect((await cli.ended).code).toBe(143);
    expect(isWhole(await cut)).toBe(false);
  });
});

describe('what cannot be started', () => {
  it('a config with mistakes is refused with every place, and nothing listens', async () => {
    const file = await configFile('routes:\n  a: [grok:x]\nsrver: {}\n');
    for (const more of [[], ['--check']]) {
      const { code, stdout, stderr } = await run('--config', file, ...more);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/gateway.yaml:3:1: there is no setting "srver" here. Did you mean server\?/);
    }
    const json = await run('--config', file, '--check', '--json');
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      usable: false,
      problems: [{ line: 3, column: 1, setting: 'srver' }],
    });
  });

  it('missing variables are named, by --check with exit code 1', async () => {
    const models = ['openai:gpt-4o-mini', 'groq:openai/gpt-oss-120b'];
    const refused = await run(...models);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/OPENAI_API_KEY for openai:gpt-4o-mini, GROQ_API_KEY for groq:/);
    const checked = await finished(start([...models, '--check'], { OPENAI_API_KEY: KEY }));
    expect(checked.code).toBe(1);
    expect(checked.stdout).toMatch(/GROQ_API_KEY for groq:openai\/gpt-oss-120b/);
    const ready = await finished(
      start([...models, '--check', '--json'], { OPENAI_API_KEY: KEY, GROQ_API_KEY: KEY }),
    );
    expect(ready.code).toBe(0);
    expect(JSON.parse(ready.stdout)).toMatchObject({
      usable: true,
      missing: [],
      routes: [{ name: 'gpt-4o-mini' }],
    });
    expect(checked.stdout + ready.stdout).not.toContain(KEY);
  });

  it('a port in use, no models, both kinds of models, and an unknown option are told apart', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      taken.close();
    });
    const { port } = taken.address() as { port: number };
    const inUse = await run('emulated:instant', '--port', String(port));
    expect(inUse.code).toBe(1);
    expect(inUse.stderr).toMatch(new RegExp(`port ${port} is in use`));
    const none = await run();
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/firstword gateway emulated:gpt-4o-mini/);
    const both = await run('emulated:instant', '--config', 'x.yaml');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringMatching(/not both/) });
    expect(await run('emulated:instant', '--log', 'loud')).toMatchObject({ code: 2 });
  });
});
