import type { ScriptedSTT, ScriptedVAD } from '@firstword/livekit/testing';
import { systemClock } from '@firstword/turn';
import { stt, VADEventType } from '@livekit/agents';
import type { SetUp } from '../doctor-corpus/set-up.js';

const { SpeechEventType: Type } = stt;
/** Silence after which the scripted VAD reports the end of speech, ms; the same as LiveKit's VAD. */
const VAD_SILENCE_MS = 250;
const SPEECH_MS = 500;

/** Questions of a call, one per turn. Their answers differ in length. */
const QUESTIONS = [
  'What time do you open on Friday.',
  'Do you have a table outside.',
  'Where can I park my car.',
  'Is there anything without meat.',
  'Can I bring my dog with me.',
  'Do you take credit cards.',
  'How do I get to you by train.',
  'Is there music in the evening.',
  'What is the soup of the day.',
  'Do you have high chairs.',
  'Can we sit by the window.',
  'When does the kitchen close.',
];
/** Number of turns at the start of a call in which the interims contain additional words. */
const OTHER_TURNS = 4;
/** Question that makes the emulated model call its tool. */
const TOOL_QUESTION = 'What is the weather going to be.';

/** Waits for this time, ms. */
export const sleep = (ms: number) => new Promise<void>((resolve) => systemClock.schedule(ms, resolve));

/** The caller's words in a turn, which counts from 1. */
export function questionOf(setUp: SetUp, turn: number): string {
  if (setUp.turn.toolMs !== undefined && turn % 2 === 0) return TOOL_QUESTION;
  return QUESTIONS[(turn - 1) % QUESTIONS.length]!;
}

/** Emits the VAD and speech-to-text events of one caller turn in real time. */
export async function sayTurn(options: {
  vad: ScriptedVAD;
  stt: ScriptedSTT;
  setUp: SetUp;
  words: string;
  /** From 1. */
  turn: number;
  random: () => number;
}): Promise<void> {
  const { vad, stt: scriptedStt, setUp, words, turn, random } = options;
  const { interimAfterMs, finalAfterMs, interims, isSpelledLate } = setUp.stt;
  const [fromMs, toMs] = finalAfterMs;
  const finalMs = fromMs + random() * (toMs - fromMs);
  const bare = words.replace('.', '').toLowerCase();
  const isOther = interims === 'other at first' && turn <= OTHER_TURNS;
  vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
  vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: SPEECH_MS });
  await sleep(SPEECH_MS);
  const endedMs = systemClock.nowMs();
  const events: [atMs: number, say: () => void][] = [
    [interimAfterMs, () => scriptedStt.hear(Type.INTERIM_TRANSCRIPT, isOther ? `${bare} tonight` : bare)],
    [finalMs, () => scriptedStt.hear(Type.FINAL_TRANSCRIPT, words)],
    [VAD_SILENCE_MS, () => vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: VAD_SILENCE_MS })],
  ];
  if (isSpelledLate)
    events.push([interimAfterMs + 30, () => scriptedStt.hear(Type.PREFLIGHT_TRANSCRIPT, bare)]);
  // In STT mode the engine reports the start and the end of a turn.
  if (setUp.turn.mode === 'stt') {
    scriptedStt.hear(Type.START_OF_SPEECH, '');
    events.push([finalMs + 1, () => scriptedStt.hear(Type.END_OF_SPEECH, '')]);
  }
  for (const [atMs, say] of events.sort(([a], [b]) => a - b)) {
    await sleep(Math.max(0, endedMs + atMs - systemClock.nowMs()));
    say();
  }
}
