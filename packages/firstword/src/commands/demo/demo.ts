import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Clip, callLines, openTape, type PlayedAgent, playCall, synthesizeCall } from '@firstword/calls';
import { DEFAULT_LEVERS, prewarmCalls } from '@firstword/livekit';
import type { LanguageModel } from '@firstword/llm';
import { openTurnStore } from '@firstword/records';
import { type CallRecord, FirstwordError, systemClock, type TurnRecord } from '@firstword/turn';
import { type LlmChoice, LlmRegistry } from '../../llm/registry.js';
import { APOLOGY, FILLER, GREETING, INSTRUCTIONS } from '../../receptionist.js';
import { openSpeechEngines, type SpeechEngines } from '../../speech-engines.js';
import { stopSignal } from '../../stop-signal.js';
import type { DemoOptions } from './options.js';
import { DemoScreen } from './screen.js';
import { summariseDemo } from './summary.js';

/** Everything that a demo call needs. */
interface LoadedDemo {
  speech: SpeechEngines;
  model: LanguageModel;
  choice: LlmChoice;
  clips: Clip[];
}

function newCallId(): string {
  return `demo-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`;
}

/** Loads everything. Passes the engines to `opened` immediately, so that they are closed even if the rest fails. */
async function load(
  options: DemoOptions,
  registry: LlmRegistry,
  screen: DemoScreen,
  signal: AbortSignal,
  opened: (speech: SpeechEngines) => void,
): Promise<LoadedDemo> {
  const choice = registry.choice(options.profile);
  screen.step('Loading speech-to-text, text-to-speech and the end-of-turn model …');
  prewarmCalls();
  const speech = await openSpeechEngines({ signal });
  opened(speech);
  screen.step(`Synthesizing the caller's ${options.turns} lines …`);
  const lines = callLines({ turns: options.turns, seed: options.seed });
  const clips = await synthesizeCall({ lines, voice: speech.callerTts, signal });
  return { speech, model: await registry.get(choice.name, { signal }), choice, clips };
}

function agentOptions(
  { speech, model }: LoadedDemo,
  { lowLatency, filler = false }: DemoOptions,
): PlayedAgent {
  return {
    stt: speech.stt,
    tts: speech.agentTts,
    llm: model,
    instructions: INSTRUCTIONS,
    greeting: GREETING,
    apology: APOLOGY,
    phrases: speech.phrases,
    ...(lowLatency ? { levers: { ...DEFAULT_LEVERS, filler } } : {}),
    filler: FILLER,
  };
}

/** Plays the call; writes records and tape during it. */
async function play(
  options: DemoOptions,
  loaded: LoadedDemo,
  screen: DemoScreen,
  signal: AbortSignal,
): Promise<void> {
  const callId = newCallId();
  const onError = (error: FirstwordError) => screen.error('records', error.message);
  const store = openTurnStore({ dir: options.out, callId, onError });
  const startedMs = systemClock.nowMs();
  const tapePath = join(options.out, `${callId}.wav`);
  const records: TurnRecord[] = [];
  let call: CallRecord | undefined;
  const loop = monitorEventLoopDelay({ resolution: 1 });
  try {
    const tape = openTape({ path: tapePath, originMs: startedMs, onError });
    loop.enable();
    try {
      const played = await playCall({
        callId,
        agent: agentOptions(loaded, options),
        clips: loaded.clips,
        seed: options.seed,
        transcripts: options.transcripts ?? false,
        startedMs,
        tape,
        signal,
        events: {
          onCall: (record) => {
            call = record;
            store.append(record);
          },
          onTurn: (record, final) => {
            if (!final) return;
            records.push(record);
            store.append(record);
            // Show a turn only after its record is on disk, so that a crash cannot lose a turn that was shown.
            void store.flushed().then(() => screen.turn(record));
          },
          onTranscript: (who, text, final) => screen.words(who, text, final),
          onAgentState: (state) => screen.agent(state),
          onError: (source, message) => screen.error(source, message),
          onCallerTurn: (turn) => screen.callerTurn(turn),
        },
      });
      loop.disable();
      await tape.close();
      await store.close();
      const files = { records: resolve(store.path), tape: resolve(tapePath) };
      const summary = await summariseDemo({ ...played, records, call, files, loop, choice: loaded.choice });
      screen.summary(summary);
      if (summary.records.failures.turns > 0 || summary.caller.lost > 0) process.exitCode = 1;
    } finally {
      await tape.close();
    }
  } finally {
    loop.disable();
    await store.close();
  }
}

/** `firstword demo`. */
export async function demo(options: DemoOptions): Promise<void> {
  if (options.filler && !options.lowLatency) {
    throw new FirstwordError('bad_input', 'Filler phrases need Firstword’s levers: add --low-latency.');
  }
  const signal = stopSignal();
  const registry = new LlmRegistry({ seed: options.seed });
  registry.choice(options.profile);
  const screen = new DemoScreen({ turns: options.turns, json: options.json ?? false });
  let speech: SpeechEngines | undefined;
  try {
    const loaded = await load(options, registry, screen, signal, (opened) => {
      speech = opened;
    });
    screen.begin(loaded.choice, options);
    await play(options, loaded, screen, signal);
  } finally {
    screen.close();
    await speech?.close();
    await registry.close();
  }
}
