import type { SpeculationOptions, TurnRecord } from '@firstword/turn';
import { initializeLogger, type llm, stt, VADEventType, voice } from '@livekit/agents';
import { expect, onTestFinished } from 'vitest';
import { activityParts } from '../internals/session-activity.js';
import { FirstwordLLM } from '../llm/llm.js';
import type { Prepare } from '../llm/preparation.js';
import { SessionObserver } from '../observe/observer.js';
import { AgentSession } from '../session/agent-session.js';
import type { FirstwordOptions } from '../session/firstword-options.js';
import { DEFAULT_LEVERS, type Levers } from '../session/levers.js';
import { attachLowLatency } from '../session/low-latency.js';
import { type CascadeParts, cascade } from '../session/preset.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import type { FillerOptions } from '../tts/filler.js';
import { LocalTTS } from '../tts/local-tts.js';
import { type ScriptedModel, ScriptedSTT, ScriptedVAD, ToneTTS } from './scripted.js';
import { ScriptedTTS } from './scripted-tts.js';
import { during, stopClock, until } from './stopped-clock.js';

export { during, pass, settled, until } from './stopped-clock.js';

const { SpeechEventType: Type } = stt;

export interface CallScript {
  agent?: voice.Agent;
  speculation?: Partial<SpeculationOptions>;
  levers?: Partial<Levers>;
  prepare?: Prepare;
  filler?: FillerOptions;
  askAgain?: FirstwordOptions['askAgain'];
  ttsEngine?: ToneTTS;
  /** Another TTS instead of Firstword's, with a timeout of half a second. */
  scriptedTts?: ScriptedTTS;
  /** Interruption options of the user, merged into those of `lowLatency`. */
  interruption?: NonNullable<voice.AgentSessionOptions['turnHandling']>['interruption'];
  /** Silence after which a final is emitted early, ms: see `EagerSTT`. */
  finalSilenceMs?: number;
  /** Another LLM instead of Firstword's. */
  llm?: llm.LLM;
  /** Use Firstword's `AgentSession`, with the STT, LLM and TTS on the session or on its agent. Default: `lowLatency`. */
  dropIn?: 'session' | 'agent';
  /** Options of the user, for the drop-in. */
  own?: voice.AgentSessionOptions;
  /** LiveKit's echo warm-up, for the drop-in; default none. */
  echoWarmup?: boolean;
  /** Folder of the drop-in's records. */
  records?: string;
}

/** The user's turn handling: the test's VAD ends turns. */
const TURN = { turnDetection: 'vad' as const, endpointing: { minDelay: 50, maxDelay: 100 } };

const TTS_CONN = { maxRetry: 1, retryIntervalMs: 10, timeoutMs: 500 };

/** A promise and the function that resolves it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

type Parts = Required<CascadeParts>;

const agentParts = ({ stt, llm, tts }: Parts) => ({ stt, llm, tts });

function firstwordOptions(script: CallScript): FirstwordOptions {
  const { speculation = {}, levers, prepare, filler, askAgain } = script;
  return {
    speculation,
    // In most tests the next turn follows at once: it would count as the rest of the turn before.
    levers: {
      ...DEFAULT_LEVERS,
      clause: false,
      trimSilence: false,
      askAgain: false,
      repair: false,
      bargeIn: false,
      ...levers,
    },
    ...(prepare ? { prepare } : {}),
    ...(filler ? { filler } : {}),
    ...(askAgain ? { askAgain } : {}),
  };
}

/** A session composed by hand. */
function composedSession(script: CallScript, parts: Parts): voice.AgentSession {
  const { vad, stt: inner } = parts;
  const { speculation = {}, finalSilenceMs } = script;
  const options = cascade({ ...parts, ...firstwordOptions(script) });
  return new voice.AgentSession({
    ...options,
    ...(script.scriptedTts ? { connOptions: { ...options.connOptions, ttsConnOptions: TTS_CONN } } : {}),
    ...(finalSilenceMs === undefined
      ? {}
      : { stt: new EagerSTT(inner, { vad, speculation, finalSilenceMs }) }),
    turnHandling: {
      ...options.turnHandling,
      ...TURN,
      interruption: { ...options.turnHandling?.interruption, ...script.interruption },
    },
  });
}

/** The drop-in, with the same options as the composed session. */
function dropInSession(script: CallScript, { vad, ...parts }: Parts): voice.AgentSession {
  return new AgentSession({
    vad,
    ...(script.dropIn === 'session' ? parts : {}),
    ...(script.echoWarmup ? {} : { aecWarmupDuration: null }),
    ...(script.scriptedTts ? { connOptions: { ttsConnOptions: TTS_CONN } } : {}),
    turnHandling: { ...TURN, interruption: { mode: 'vad', ...script.interruption } },
    ...script.own,
    firstword: { ...firstwordOptions(script), ...(script.records ? { records: script.records } : {}) },
  });
}

/**
 * A real AgentSession with the levers on. The test feeds its STT and VAD by hand, and only `pass` and `until` advance the
 * clock. It is closed when the test ends.
 */
export async function openCall(model: ScriptedModel, script: CallScript = {}) {
  stopClock();
  initializeLogger({ pretty: false, level: 'silent' });
  const vad = new ScriptedVAD();
  const inner = new ScriptedSTT();
  const ttsEngine = script.scriptedTts ?? script.ttsEngine ?? new ToneTTS();
  const parts: Parts = {
    vad,
    stt: inner,
    llm: script.llm ?? new FirstwordLLM(model),
    tts: ttsEngine instanceof ScriptedTTS ? ttsEngine : new LocalTTS(ttsEngine),
  };
  const session = script.dropIn ? dropInSession(script, parts) : composedSession(script, parts);
  const agent =
    script.agent ??
    new voice.Agent({ instructions: 'x', ...(script.dropIn === 'agent' ? agentParts(parts) : {}) });
  let playedSamples = 0;
  session.input.audio = new PushAudioInput();
  const output = new PacedAudioOutput({
    sink: { play: (samples) => (playedSamples += samples.length), clear: () => {} },
  });
  session.output.audio = output;
  const records: TurnRecord[] = [];
  const observer = new SessionObserver({
    session,
    callId: 'call',
    onTurn: (record, final) => final && records.push(record),
  });
  const errors: Error[] = [];
  session.on(voice.AgentSessionEventTypes.Error, ({ error }) => {
    errors.push('error' in error && error.error instanceof Error ? error.error : new Error(String(error)));
  });
  const detach = script.dropIn ? () => {} : attachLowLatency(session);
  await during(session.start({ agent }));
  let closed: Promise<void> | undefined;
  const end = async () => {
    await during(session.close());
    detach();
    observer.close();
    output.close();
  };
  const close = () => {
    closed ??= end();
    return closed;
  };
  onTestFinished(close);
  return {
    session,
    vad,
    ttsEngine,
    records,
    errors,
    eagerStt: activityParts(session).stt as EagerSTT,
    close,
    played: () => playedSamples,
    speak: () => {
      vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
      vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
    },
    hear: (type: stt.SpeechEventType, words: string, more?: Partial<stt.SpeechData>) =>
      inner.hear(type, words, more),
    interim: (words: string) => inner.hear(Type.INTERIM_TRANSCRIPT, words),
    final: (words: string) => inner.hear(Type.FINAL_TRANSCRIPT, words),
    /** A VAD event with this much silence since the last sound, ms. */
    silence: (silenceMs: number) =>
      vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSilence: silenceMs, speechDuration: 600 }),
    stop: () => vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false }),
    said: (role: 'user' | 'assistant') =>
      session.history.items.flatMap((item) =>
        item.type === 'message' && item.role === role ? [item.textContent] : [],
      ),
  };
}

export type ScriptedCall = Awaited<ReturnType<typeof openCall>>;

/** Waits until this many answers are in history. */
export const answered = (call: ScriptedCall, times = 1) =>
  until(() => expect(call.said('assistant')).toHaveLength(times));

/** Waits until these words were sent to the TTS. */
export const synthesized = (call: ScriptedCall, words: string) =>
  until(() => expect(call.ttsEngine.said).toContain(words));

/** Waits until this many turns have their final record. */
export const recorded = (call: ScriptedCall, turns = 1) =>
  until(() => expect(call.records).toHaveLength(turns));

/** The caller speaks words that start a speculation; waits until the start of its answer was sent to the TTS. */
export async function speakAhead(call: ScriptedCall, words: string, answer: string): Promise<void> {
  call.speak();
  call.silence(32);
  call.interim(words);
  await synthesized(call, answer);
}

/** Sends the final transcript, ends the caller's speech, and waits until the history contains `answers` answers. */
export async function commit(call: ScriptedCall, words: string, answers = 1): Promise<void> {
  call.final(words);
  call.stop();
  await answered(call, answers);
}
