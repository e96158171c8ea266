import { inference, initializeLogger, llm, voice } from '@livekit/agents';
import { Room, TrackPublishOptions } from '@livekit/rtc-node';
import ts from 'typescript';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ScriptedSTT, ScriptedVAD } from '../testing/scripted.js';
import { ScriptedTTS } from '../testing/scripted-tts.js';
import { AgentSession } from './agent-session.js';
import { NO_LEVERS } from './levers.js';

initializeLogger({ pretty: false, level: 'silent' });

type StartOptions = Parameters<voice.AgentSession['start']>[0];

const tool = llm.tool({ name: 'look_up', description: 'Looks something up.', execute: async () => 'found' });
const anyLlm = () =>
  new inference.LLM({
    model: 'openai/gpt-4o-mini',
    apiKey: 'key',
    apiSecret: 'secret',
    baseURL: 'http://127.0.0.1:1',
  });

/** A value for each option, other than its default. */
const SESSION: Record<string, unknown> = {
  stt: new ScriptedSTT(),
  vad: new ScriptedVAD(),
  llm: anyLlm(),
  tts: new ScriptedTTS(true),
  userData: { name: 'Ada' },
  connOptions: { maxUnrecoverableErrors: 9, llmConnOptions: { timeoutMs: 1 } },
  tools: [tool],
  toolHandling: { asyncOptions: { duplicateHandling: 'allow' } },
  turnDetection: 'vad',
  voiceOptions: { maxToolSteps: 5, minEndpointingDelay: 700, allowInterruptions: false },
  maxToolSteps: 5,
  preemptiveGeneration: false,
  userAwayTimeout: 30,
  transcriptionTimeout: 4_000,
  aecWarmupDuration: 500,
  ttsReadIdleTimeout: 5_000,
  forwardAudioIdleTimeout: 5_000,
  turnHandling: { turnDetection: 'vad' },
  keytermsOptions: { keyterms: ['Firstword'] },
  useTtsAlignedTranscript: false,
  ttsTextTransforms: ['filter_emoji'],
  expressive: true,
};

const TURN_HANDLING: Record<string, Record<string, unknown>> = {
  endpointing: { mode: 'dynamic', minDelay: 700, maxDelay: 1_700, alpha: 0.5 },
  interruption: {
    enabled: false,
    mode: 'adaptive',
    discardAudioIfUninterruptible: false,
    minDuration: 300,
    minWords: 2,
    falseInterruptionTimeout: 3_000,
    resumeFalseInterruption: false,
    backchannelBoundary: null,
  },
  preemptiveGeneration: { enabled: false, preemptiveTts: false, maxSpeechDuration: 5_000, maxRetries: 2 },
  userTurnLimit: { maxWords: 50, maxDuration: 60_000 },
};

const AGENT: Record<string, unknown> = {
  id: 'receptionist',
  instructions: 'You answer the phone.',
  chatCtx: llm.ChatContext.empty(),
  tools: [tool],
  stt: new ScriptedSTT(),
  vad: new ScriptedVAD(),
  llm: anyLlm(),
  tts: new ScriptedTTS(true),
  expressive: true,
  turnHandling: { interruption: { minWords: 3 } },
  toolHandling: { asyncOptions: { duplicateHandling: 'allow' } },
  minConsecutiveSpeechDelay: 300,
  useTtsAlignedTranscript: true,
  turnDetection: 'vad',
  allowInterruptions: false,
};

const START: Record<string, unknown> = {
  agent: new voice.Agent({ instructions: 'x' }),
  room: new Room(),
  inputOptions: { participantIdentity: 'caller' },
  outputOptions: { syncTranscription: false },
  record: { audio: false },
};

const ROOM_INPUT: Record<string, unknown> = {
  audioSampleRate: 48_000,
  audioNumChannels: 2,
  textEnabled: false,
  audioEnabled: false,
  videoEnabled: true,
  participantIdentity: 'caller',
  noiseCancellation: { moduleId: 'noise-cancellation', options: {} },
  textInputCallback: () => {},
  participantKinds: [1],
  closeOnDisconnect: false,
  deleteRoomOnClose: true,
};

const ROOM_OUTPUT: Record<string, unknown> = {
  transcriptionEnabled: false,
  audioEnabled: false,
  audioSampleRate: 48_000,
  audioNumChannels: 2,
  syncTranscription: false,
  audioPublishOptions: new TrackPublishOptions(),
  queueSizeMs: 400,
  jsonFormat: true,
};

/** The options that a lever may set where the user has not: see `Levers`. */
const NAMED = [
  'transcriptionTimeout',
  'turnHandling.preemptiveGeneration.maxRetries',
  'turnHandling.preemptiveGeneration.maxSpeechDuration',
  'turnHandling.preemptiveGeneration.preemptiveTts',
  'turnHandling.endpointing.minDelay',
  'turnHandling.endpointing.maxDelay',
  'turnHandling.endpointingOverrides',
  'turnHandling.interruption.falseInterruptionTimeout',
  'turnHandling.turnDetection',
  'turnDetection',
  'vad',
];

/** LiveKit's option types, by a name for the test. */
const TYPES = `
import type { voice } from '@livekit/agents';
type Start = Parameters<voice.AgentSession['start']>[0];
type Turn = Required<NonNullable<voice.AgentSessionOptions['turnHandling']>>;
export type session = voice.AgentSessionOptions;
export type turnHandling = Turn;
export type endpointing = Turn['endpointing'];
export type interruption = Turn['interruption'];
export type preemptiveGeneration = Turn['preemptiveGeneration'];
export type userTurnLimit = NonNullable<Turn['userTurnLimit']>;
export type agent = voice.AgentOptions<unknown>;
export type start = Start;
export type roomInput = NonNullable<Start['inputOptions']>;
export type roomOutput = NonNullable<Start['outputOptions']>;
`;

/** The members of each of `TYPES`, as the installed LiveKit declares them. */
function declaredOptions(): Record<string, string[]> {
  const probe = new URL('option-types-probe.ts', import.meta.url).pathname;
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    strict: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === probe || fileExists.call(host, name);
  host.readFile = (name) => (name === probe ? TYPES : readFile.call(host, name));
  host.getSourceFile = (name, target, ...rest) =>
    name === probe
      ? ts.createSourceFile(name, TYPES, target)
      : getSourceFile.call(host, name, target, ...rest);
  const program = ts.createProgram([probe], options, host);
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(probe)!)!);
  return Object.fromEntries(
    exported.map((symbol) => {
      const type = checker.getDeclaredTypeOfSymbol(symbol);
      return [symbol.name, checker.getPropertiesOfType(type).map(({ name }) => name)];
    }),
  );
}

/** All settings of a session, flat, by path. Objects of a class are compared by identity. */
function settings(session: voice.AgentSession): Map<string, unknown> {
  const { stt, vad, llm: model, tts, turnDetection, connOptions, keyterms, tools } = session;
  const { _expressive, _asyncToolOptions, _usingDefaultVad, _aecWarmupRemaining, options } = session;
  const flat = new Map<string, unknown>();
  const add = (path: string, value: unknown): void => {
    const isPlain =
      typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
    if (!isPlain) flat.set(path, Array.isArray(value) ? JSON.stringify(value) : value);
    else for (const [name, inner] of Object.entries(value)) add(path ? `${path}.${name}` : name, inner);
  };
  add('', { ...session.sessionOptions, connOptions, turnDetection, keyterms, _usingDefaultVad });
  add('', { stt, vad, llm: model, tts, tools, _expressive, _asyncToolOptions, _aecWarmupRemaining, options });
  return flat;
}

/** A fresh detector or VAD is another object in each session, but the same setting. */
const comparable = (value: unknown): unknown =>
  value instanceof inference.TurnDetector || value instanceof inference.VAD ? value.constructor.name : value;

/** Paths at which Firstword's session differs from LiveKit's with the same options. */
function differences(given: voice.AgentSessionOptions, firstword = {}): string[] {
  const own = settings(new AgentSession({ ...given, firstword }) as voice.AgentSession);
  const livekit = settings(new voice.AgentSession(given));
  const paths = new Set([...own.keys(), ...livekit.keys()]);
  return [...paths].filter((path) => comparable(own.get(path)) !== comparable(livekit.get(path)));
}

let declared: Record<string, string[]> = {};
beforeAll(() => {
  declared = declaredOptions();
}, 60_000);

it('has a value for every option that the installed LiveKit declares', () => {
  const names = (values: Record<string, unknown>) => Object.keys(values).sort();
  expect(declared.session?.toSorted()).toEqual(names(SESSION));
  expect(declared.turnHandling?.toSorted()).toEqual([...names(TURN_HANDLING), 'turnDetection'].sort());
  for (const [group, values] of Object.entries(TURN_HANDLING))
    expect(declared[group]?.toSorted()).toEqual(names(values));
  expect(declared.agent?.toSorted()).toEqual(names(AGENT));
  expect(declared.start?.toSorted()).toEqual(names(START));
  expect(declared.roomInput?.toSorted()).toEqual(names(ROOM_INPUT));
  expect(declared.roomOutput?.toSorted()).toEqual(names(ROOM_OUTPUT));
});

describe('options of the session', () => {
  it('are LiveKit’s defaults where unset, except those that a lever names', () => {
    expect(differences({}).filter((path) => !isNamed(path))).toEqual([]);
    expect(differences({}, { levers: NO_LEVERS })).toEqual([]);
  });

  it.each(Object.entries(SESSION))('%s arrives as set', (name, value) => {
    const changed = differences({ [name]: value } as voice.AgentSessionOptions);
    expect(
      changed.filter((path) => path === name || (path.startsWith(`${name}.`) && !isNamed(path))),
    ).toEqual([]);
    expect(changed.filter((path) => !isNamed(path))).toEqual([]);
  });

  const nested = Object.entries(TURN_HANDLING).flatMap(([group, values]) =>
    Object.entries(values).map(([name, value]) => [group, name, value] as const),
  );
  it.each(nested)('turnHandling.%s.%s arrives as set', (group, name, value) => {
    const changed = differences({ turnHandling: { [group]: { [name]: value } } });
    expect(changed).not.toContain(`turnHandling.${group}.${name}`);
    expect(changed.filter((path) => !isNamed(path))).toEqual([]);
  });

  it('all arrive together', () => {
    const {
      preemptiveGeneration: _off,
      turnDetection: _detection,
      voiceOptions: _legacy,
      ...given
    } = SESSION;
    const turnHandling = { turnDetection: 'stt', ...TURN_HANDLING };
    expect(differences({ ...given, turnHandling } as voice.AgentSessionOptions)).toEqual([]);
  });
});

/** Whether a lever may set this path. */
const isNamed = (path: string) => NAMED.some((named) => path === named || path.startsWith(`${named}.`));

describe('options of the agent', () => {
  it.each(Object.entries(AGENT))('%s stays as set', async (name, value) => {
    const agent = new voice.Agent({ instructions: 'x', [name]: value } as voice.AgentOptions<unknown>);
    const before = new Map(Object.entries(agent));
    const session = new AgentSession({ vad: new ScriptedVAD() });
    await session.start({ agent });
    onTestFinished(() => session.close());
    const after = new Map(Object.entries(agent));
    after.delete('_agentActivity');
    before.delete('_agentActivity');
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [field, was] of before) expect(after.get(field)).toBe(was);
  });
});

describe('options of start', () => {
  /** What LiveKit's own `start` receives. */
  async function received(given: Partial<StartOptions>): Promise<StartOptions> {
    const start = vi.spyOn(voice.AgentSession.prototype, 'start').mockResolvedValue();
    onTestFinished(() => void start.mockRestore());
    await new AgentSession({ tts: new ScriptedTTS(true) }).start({
      agent: new voice.Agent({ instructions: 'x' }),
      ...given,
    });
    return start.mock.lastCall![0];
  }

  it.each(Object.entries(START))('%s arrives as set', async (name, value) => {
    const got: unknown = Reflect.get(await received({ [name]: value }), name);
    const isPlain = name.endsWith('Options');
    if (isPlain) expect(got).toEqual({ ...(value as object), audioSampleRate: expect.any(Number) });
    else expect(got).toBe(value);
  });

  it('sets nothing but the sample rates, which levers name', async () => {
    const { agent: _agent, ...got } = await received({});
    expect(got).toEqual({
      inputOptions: { audioSampleRate: 16_000 },
      outputOptions: { audioSampleRate: 24_000 },
    });
  });

  it('leaves the output’s rate alone where the TTS is not wrapped', async () => {
    const expressive = new voice.Agent({
      instructions: 'x',
      expressive: true,
      tts: new inference.TTS({
        model: 'cartesia/sonic-3',
        apiKey: 'key',
        apiSecret: 'secret',
        baseURL: 'http://127.0.0.1:1',
      }),
    });
    expect(await received({ agent: expressive })).not.toHaveProperty('outputOptions');
  });

  it.each(Object.entries(ROOM_INPUT))('inputOptions.%s arrives as set', async (name, value) => {
    const { inputOptions } = await received({ inputOptions: { [name]: value } });
    expect(Reflect.get(inputOptions!, name)).toBe(value);
    expect(Object.keys(inputOptions!).sort()).toEqual([...new Set([name, 'audioSampleRate'])].sort());
  });

  it.each(Object.entries(ROOM_OUTPUT))('outputOptions.%s arrives as set', async (name, value) => {
    const { outputOptions } = await received({ outputOptions: { [name]: value } });
    expect(Reflect.get(outputOptions!, name)).toBe(value);
    expect(Object.keys(outputOptions!).sort()).toEqual([...new Set([name, 'audioSampleRate'])].sort());
  });
});
