import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Clip, callLines, openTape, playCall, synthesizeCall } from '@firstword/calls';
import { DEFAULT_LEVERS, prewarmCalls } from '@firstword/livekit';
import type { LanguageModel } from '@firstword/llm';
import { openTurnStore } from '@firstword/records';
import { FirstwordError, isFirstwordError, systemClock, type TurnRecord } from '@firstword/turn';
import { type LlmChoice, LlmShelf } from '../../llm/shelf.js';
import { APOLOGY, FILLER, GREETING, INSTRUCTIONS } from '../../receptionist.js';
import { stopSignal } from '../../stop-signal.js';
import { openVoiceParts, type VoiceParts } from '../../voice-parts.js';
import type { DemoOptions } from './options.js';
import { DemoScreen } from './screen.js';
import { summariseDemo } from './summary.js';

/** What a demo runs on, once loaded. */
interface Stage {
  parts: VoiceParts;
  model: LanguageModel;
  choice: LlmChoice;
  clips: Clip[];
}

function newCallId(): string {
  return `demo-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`;
}

/** Loads everything; what was opened is handed to `opened` at once, so that it is closed even if the rest fails. */
async function load(
  options: DemoOptions,
  shelf: LlmShelf,
  screen: DemoScreen,
  signal: AbortSignal,
  opened: (parts: VoiceParts) => void,
): Promise<Stage> {
  const choice = shelf.choice(options.profile);
  screen.step('Loading the ears, the voices and the end-of-turn model …');
  prewarmCalls();
  const parts = await openVoiceParts({ signal });
  opened(parts);
  screen.step(`Speaking the caller's ${options.turns} lines …`);
  const lines = callLines({ turns: options.turns, seed: options.seed });
  const clips = await synthesizeCall({ lines, voice: parts.callerVoice, signal });
  return { parts, model: await shelf.get(choice.name, { signal }), choice, clips };
}

/** Plays the loaded call; records and tape are written as it goes. */
async function play(
  options: DemoOptions,
  stage: Stage,
  screen: DemoScreen,
  signal: AbortSignal,
): Promise<void> {
  const callId = newCallId();
  const onError = (error: FirstwordError) => screen.error('records', error.message);
  const store = openTurnStore({ dir: options.out, callId, onError });
  const startedMs = systemClock.nowMs();
  const tapePath = join(options.out, `${callId}.wav`);
  const records: TurnRecord[] = [];
  const loop = monitorEventLoopDelay({ resolution: 1 });
  try {
    const tape = openTape({ path: tapePath, originMs: startedMs, onError });
    loop.enable();
    try {
      const played = await playCall({
        callId,
        agent: {
          stt: stage.parts.stt,
          tts: stage.parts.agentVoice,
          llm: stage.model,
          instructions: INSTRUCTIONS,
          greeting: GREETING,
          apology: APOLOGY,
          phrases: stage.parts.phrases,
          ...(options.lowLatency ? { levers: { ...DEFAULT_LEVERS, filler: options.filler ?? false } } : {}),
          filler: FILLER,
        },
        clips: stage.clips,
        seed: options.seed,
        transcripts: options.transcripts ?? false,
        startedMs,
        tape,
        signal,
        events: {
          onTurn: (record, final) => {
            if (!final) return;
            records.push(record);
            store.append(record);
            // A turn that was shown can be found again, whatever happens to this process next.
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
      screen.summary(await summariseDemo({ ...played, records, files, loop, choice: stage.choice }));
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
    throw new FirstwordError('bad_input', 'A filler needs Firstword’s voice: add --low-latency.');
  }
  const signal = stopSignal();
  const shelf = new LlmShelf({ seed: options.seed });
  shelf.choice(options.profile);
  const screen = new DemoScreen({ turns: options.turns, json: options.json ?? false });
  let parts: VoiceParts | undefined;
  try {
    const stage = await load(options, shelf, screen, signal, (opened) => {
      parts = opened;
    });
    screen.begin(stage.choice, options);
    await play(options, stage, screen, signal);
  } catch (error) {
    if (!signal.aborted || !isFirstwordError(error, 'aborted')) throw error;
  } finally {
    screen.close();
    await parts?.close();
    await shelf.close();
  }
  if (signal.aborted) process.exitCode = 130;
}
