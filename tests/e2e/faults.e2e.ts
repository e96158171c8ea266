import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, type Fault, startEmulator } from '@firstword/emulator';
import { AUDIO, AUDIO_HEADER_BYTES, MAX_MESSAGE_BYTES } from 'firstword/studio-protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { WebSocket } from 'ws';
import { childrenOf, finished, firstword } from './support/cli.js';
import { expectSumsToGap, recordsIn } from './support/records.js';
import { spokenByCaller } from './support/speech.js';
import { type RunningStudio, startStudio } from './support/studio.js';
import { closeCode, openSocket, Talker } from './support/talker.js';

const HOURS = 'What time are you open on Friday?';
const PRICE = 'How much is dinner for one person?';
const KEY = 'sk-e2e-this-key-is-never-shown';

let dir: string;
let hours: Int16Array;
let price: Int16Array;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firstword-e2e-'));
  [hours, price] = (await spokenByCaller(HOURS, PRICE)) as [Int16Array, Int16Array];
});

afterAll(() => rm(dir, { recursive: true, force: true }));

async function talkTo(studio: RunningStudio): Promise<Talker> {
  const talker = await Talker.connect(studio.url);
  onTestFinished(() => talker.close());
  return talker;
}

/** Asks a question, waits for the answer and returns its words. */
async function ask(talker: Talker, clip: Int16Array): Promise<string> {
  const from = talker.mark;
  await talker.say(clip);
  const words = await talker.words('agent', from);
  await talker.answer(from);
  return words;
}

/** Checks that the studio still works: a new page, a call, a question, an answer with a valid record. */
async function expectHealthy(studio: RunningStudio): Promise<void> {
  const talker = await talkTo(studio);
  await talker.call();
  expect(await ask(talker, hours)).not.toBe('');
  const from = talker.mark;
  talker.send({ type: 'stop' });
  const ended = await talker.messages.until('end', (m) => m.type === 'session' && m.state === 'ended', {
    from,
  });
  const { callId } = ended as { callId: string };
  const [record] = await recordsIn(join(studio.recordsDir, `${callId}.jsonl`));
  expectSumsToGap(record!);
}

describe('with a running studio', () => {
  let studio: RunningStudio;

  beforeAll(async () => {
    studio = await startStudio({ recordsDir: join(dir, 'records') });
  });

  afterAll(() => studio?.cli.kill());

  /** A socket of a client that violates the protocol, and the code it is closed with. */
  async function badClient(): Promise<{ socket: WebSocket; closed: Promise<number> }> {
    const socket = await openSocket(studio.url);
    onTestFinished(() => socket.terminate());
    return { socket, closed: closeCode(socket) };
  }

  it('a second studio on the same port names the port and what to do, exit code 1', async () => {
    const { code, stderr } = await finished(firstword(['studio', '--port', String(studio.port)]));
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${studio.port} is taken`);
    expect(stderr).toContain('--port');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('rejects a page of another origin', async () => {
    await expect(openSocket(studio.url, 'http://elsewhere.example')).rejects.toThrow('403');
    await expect(openSocket(studio.url, 'null')).rejects.toThrow('403');
  });

  it('answers invalid messages with an error that explains them', async () => {
    const talker = await talkTo(studio);
    for (const text of ['{"type":', '[]', '{"type":"sing"}', '{"type":"heard","answer":-1,"atMs":0}']) {
      const from = talker.mark;
      talker.sendRaw(text);
      expect((await talker.problem(from)).code).toBe('bad_input');
    }
    const wrongAudio = [
      Buffer.alloc(0),
      Buffer.alloc(5),
      Buffer.alloc(AUDIO_HEADER_BYTES + 3, AUDIO.mic),
      Buffer.alloc(1000, 0xff),
    ];
    for (const bytes of wrongAudio) {
      const from = talker.mark;
      talker.sendRaw(bytes);
      expect((await talker.problem(from)).code).toBe('bad_input');
    }
    await expectHealthy(studio);
  });

  it('closes only the socket of an oversized message', async () => {
    const [big, other] = await Promise.all([badClient(), badClient()]);
    big.socket.send(Buffer.alloc(MAX_MESSAGE_BYTES + 1));
    expect(await big.closed).toBe(1009);
    expect(other.socket.readyState).toBe(other.socket.OPEN);
  });

  it('closes only the socket of a thousand invalid messages and serves the others', async () => {
    const { socket, closed } = await badClient();
    for (let i = 0; i < 1000; i++) socket.send(i % 2 ? 'nonsense' : Buffer.alloc(7));
    expect(await closed).toBe(1008);
    await expectHealthy(studio);
  });

  it('reports and restarts speech-to-text that crashes while the caller speaks, and the call continues', async () => {
    const talker = await talkTo(studio);
    await talker.call();
    const engine = childrenOf(studio.cli.pid).filter(({ command }) => command.includes('moonshine'));
    expect(engine).toHaveLength(1);

    const from = talker.mark;
    const said = talker.say(hours);
    await talker.messages.until('interim transcript', (m) => m.type === 'transcript' && m.who === 'caller', {
      from,
    });
    process.kill(engine[0]!.pid, 'SIGKILL');
    await said;
    const problem = await talker.problem(from);
    expect(problem.code).toBe('stt');
    expect(problem.message).toMatch(/speech-to-text/i);
    // Words spoken before the crash are not lost: the buffered audio is decoded again.
    expect(await talker.words('caller', from)).toMatch(/open on Friday/i);
    await talker.answer(from);
    expect(await ask(talker, price)).not.toBe('');
  });
});

describe('with the user’s own LLM', () => {
  let emulator: Emulator;
  let studio: RunningStudio;
  let talker: Talker;
  let port: number;

  beforeAll(async () => {
    // Nothing listens at the base URL until a test starts the emulator there.
    const placeholder = await startEmulator();
    port = placeholder.port;
    await placeholder.close();
    studio = await startStudio({
      recordsDir: join(dir, 'own'),
      env: { FIRSTWORD_LLM_BASE_URL: `http://127.0.0.1:${port}/v1`, FIRSTWORD_LLM_API_KEY: KEY },
    });
    talker = await Talker.connect(studio.url);
    await talker.call();
  });

  afterAll(async () => {
    talker?.close();
    await studio?.cli.kill();
    await emulator?.close();
  });

  /** Plays a turn in which the LLM fails. Returns the error message for the page; the caller must hear an apology. */
  async function failedTurn(): Promise<string> {
    const from = talker.mark;
    const before = talker.voiceMs;
    await talker.say(hours);
    const { code, message } = await talker.problem(from);
    expect(code).toBe('llm');
    expect(await talker.words('agent', from)).toMatch(/sorry, I have trouble answering/i);
    await talker.answer(from);
    expect(talker.voiceMs - before).toBeGreaterThan(1000);
    expect(message).not.toContain(KEY);
    return message;
  }

  const strike = (fault: Fault) => emulator.setFaults({ rules: [{ fault }] });

  it('that refuses connections: reports that nothing listens there', async () => {
    expect(await failedTurn()).toMatch(
      new RegExp(`127\\.0\\.0\\.1:${port}.*ECONNREFUSED.*is the server running`),
    );
  });

  it('that sends a web page: asks to check the base URL', async () => {
    emulator = await startEmulator({ port });
    strike({ kind: 'html-page' });
    expect(await failedTurn()).toMatch(/base URL/);
  });

  it('that rejects the key and quotes it: names the variable, never the key', async () => {
    strike({ kind: 'http-error', status: 401, message: `Incorrect API key provided: ${KEY}` });
    expect(await failedTurn()).toMatch(/key was refused: check FIRSTWORD_LLM_API_KEY/);
  });

  it('that never answers: times out and reports how long it waited', async () => {
    strike({ kind: 'no-headers' });
    expect(await failedTurn()).toMatch(/no response headers within \d+ ms/);
  });

  it('that works again: answers in the same call; the key is in no message or output', async () => {
    strike({ kind: 'straggler', delayMs: 0 });
    expect(await ask(talker, price)).not.toMatch(/trouble answering/);
    const { stdout, stderr } = studio.cli;
    const shown = [...talker.messages.all, ...stdout.all, ...stderr.all];
    expect(JSON.stringify(shown)).not.toContain(KEY);
  });
});
