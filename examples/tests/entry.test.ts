import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startRealtimeEmulator, transcriptRecognizer } from '@firstword/emulator/realtime';
import { FirstwordLLM, LocalTTS, PacedAudioOutput, PushAudioInput } from '@firstword/livekit';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, ToneTTS, text } from '@firstword/livekit/testing';
import { isCallRecord, parseTurnRecord } from '@firstword/turn';
import {
  type AgentDefinition,
  cli,
  initializeLogger,
  isAgent,
  stt,
  VADEventType,
  voice,
} from '@livekit/agents';
import { Room } from '@livekit/rtc-node';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EXAMPLE_FILES, EXAMPLES } from './support/example-files.js';

const ANSWER = 'At eight, with pleasure.';
/** The examples that write turn records to `calls/`. */
const KEEPS_RECORDS = ['observed-agent.ts', 'router-agent.ts'];
/** The examples in which a realtime model hears, and what answers in them. */
const REALTIME: Record<string, 'the model' | 'the router'> = {
  'half-cascade-agent.ts': 'the model',
  'transcript-agent.ts': 'the router',
  'delegation-agent.ts': 'the router',
};
const REALTIME_RATE_HZ = 24_000;

/** What an example's `new inference.STT(…)` and so on give, instead of LiveKit's cloud. */
const scripted = vi.hoisted(() => ({ stt: {}, llm: {}, tts: {}, model: {} }));

vi.mock('@livekit/agents', async (importOriginal) => {
  const livekit = await importOriginal<typeof import('@livekit/agents')>();
  /** A constructor that returns the test's part. */
  const constructorOf = (part: 'stt' | 'llm' | 'tts') =>
    function Part() {
      return scripted[part];
    };
  const inference = {
    ...livekit.inference,
    STT: constructorOf('stt'),
    LLM: constructorOf('llm'),
    TTS: constructorOf('tts'),
  };
  return { ...livekit, inference, cli: { ...livekit.cli, runApp: vi.fn() } };
});

vi.mock('@firstword/llm', async (importOriginal) => {
  const own = await importOriginal<typeof import('@firstword/llm')>();
  return { ...own, openai: () => scripted.model, groq: () => scripted.model };
});

/** The turn records of a call's file. */
const turnsIn = (file: string) =>
  file
    .trim()
    .split('\n')
    .filter((line) => !isCallRecord(line))
    .map((line) => parseTurnRecord(line));

beforeAll(() => {
  initializeLogger({ pretty: false, level: 'silent' });
  // Without them an example says that they are missing.
  for (const key of ['LIVEKIT_URL', 'OPENAI_API_KEY', 'GROQ_API_KEY']) vi.stubEnv(key, 'set');
});

/** Gives the session that the example makes a microphone, a loudspeaker and a VAD of the test's, instead of a room. */
function replaceRoom(vad: ScriptedVAD, input = new PushAudioInput()): { session: () => voice.AgentSession } {
  const start = voice.AgentSession.prototype.start;
  let session: voice.AgentSession | undefined;
  const spy = vi.spyOn(voice.AgentSession.prototype, 'start').mockImplementation(function (
    this: voice.AgentSession,
    { room: _room, ...options },
  ) {
    session = this;
    this.vad = vad;
    this.input.audio = input;
    this.output.audio = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
    return start.call(this, options);
  });
  onTestFinished(() => spy.mockRestore());
  return { session: () => session! };
}

/** The job of a call, as far as the examples use it. */
function fakeJob() {
  const shutdownCallbacks: (() => Promise<void>)[] = [];
  return {
    shutdownCallbacks,
    context: {
      job: { id: 'call-1' },
      room: new Room(),
      connect: vi.fn(async () => {}),
      addShutdownCallback: (callback: () => Promise<void>) => shutdownCallbacks.push(callback),
    },
  };
}

/** Starts the example's call in a folder of its own, with scripted parts. */
async function openExample(path: string, input?: PushAudioInput) {
  const folder = await mkdtemp(join(tmpdir(), 'firstword-example-'));
  const was = process.cwd();
  process.chdir(folder);
  const vad = new ScriptedVAD();
  const scriptedStt = new ScriptedSTT();
  const toneTts = new ToneTTS({ silenceMs: 20, toneMs: 40 });
  const model = new ScriptedModel([text(ANSWER)]);
  const parts = { stt: scriptedStt, llm: new FirstwordLLM(model), tts: new LocalTTS(toneTts), model };
  Object.assign(scripted, parts);
  const { default: agent } = (await import(pathToFileURL(join(EXAMPLES, path)).href)) as {
    default: AgentDefinition;
  };
  const { session } = replaceRoom(vad, input);
  const job = fakeJob();
  onTestFinished(async () => {
    process.chdir(was);
    await rm(folder, { recursive: true, force: true });
  });
  const close = async () => {
    await session().close();
    for (const callback of job.shutdownCallbacks) await callback();
  };
  await agent.entry(job.context as never);
  return { agent, folder, job, session: session(), close, vad, scriptedStt, toneTts };
}

const said = (session: voice.AgentSession, role: 'user' | 'assistant') =>
  session.history.items.flatMap((item) =>
    item.type === 'message' && item.role === role ? [item.textContent] : [],
  );

describe.each(Object.entries(REALTIME))('examples/%s', (path, answering) => {
  it('answers a turn of an emulated realtime model', async () => {
    const emulator = await startRealtimeEmulator({
      profile: 'instant',
      answers: () => ANSWER,
      recognizer: transcriptRecognizer([{ text: 'When can I come?', ms: 600 }]),
    });
    vi.stubEnv('OPENAI_BASE_URL', emulator.urls.openai);
    const input = new PushAudioInput({ rateHz: REALTIME_RATE_HZ });
    const { session, close, folder } = await openExample(path, input);
    onTestFinished(() => emulator.close());
    let frame = 0;
    const microphone = setInterval(() => {
      const samples = Int16Array.from({ length: REALTIME_RATE_HZ / 50 }, (_, i) =>
        frame > 25 && frame <= 55 ? Math.round(8000 * Math.sin((frame * 480 + i) / 12)) : 0,
      );
      input.push(samples, performance.now() - 20);
      frame += 1;
    }, 20);
    onTestFinished(() => clearInterval(microphone));
    await vi.waitFor(() => expect(said(session, 'assistant').at(-1)).toContain('At eight'), 20_000);
    await close();
    const asked = (scripted.model as ScriptedModel).asked.length;
    expect(asked).toBe(answering === 'the router' ? 1 : 0);
    const [file] = await readdir(join(folder, 'calls'));
    const [turn] = turnsIn(await readFile(join(folder, 'calls', file!), 'utf8'));
    expect(turn!.realtime).toBeDefined();
  }, 30_000);
});

describe.each(EXAMPLE_FILES.filter((path) => !(path in REALTIME)))('examples/%s', (path) => {
  it('answers a turn', async () => {
    const { agent, folder, job, session, close, vad, scriptedStt, toneTts } = await openExample(path);
    expect(isAgent(agent)).toBe(true);
    expect(job.context.connect).toHaveBeenCalledOnce();
    expect(cli.runApp).toHaveBeenLastCalledWith(expect.objectContaining({ agent: join(EXAMPLES, path) }));
    vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
    vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
    scriptedStt.hear(stt.SpeechEventType.FINAL_TRANSCRIPT, 'When can I come?');
    vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSilence: 200 });
    vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 256, speaking: false });
    await vi.waitFor(() => expect(said(session, 'user')).toEqual(['When can I come?']), 10_000);
    await vi.waitFor(() => expect(said(session, 'assistant').at(-1)).toBe(ANSWER), 10_000);
    expect(toneTts.said.join(' ')).toContain('At eight');
    await close();
    if (!KEEPS_RECORDS.includes(path)) return;
    const [file] = await readdir(join(folder, 'calls'));
    const turns = turnsIn(await readFile(join(folder, 'calls', file!), 'utf8'));
    expect(turns.map(({ turn }) => turn)).toEqual([1]);
  });
});
