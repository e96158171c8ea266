import type { ScriptedSTT, ScriptedVAD } from '@firstword/livekit/testing';
import { systemClock } from '@firstword/turn';
import { stt, VADEventType } from '@livekit/agents';
import type { SetUp } from '../doctor-corpus/index.js';

const { SpeechEventType: Type } = stt;
/** The VAD is sure of the silence after this, ms: LiveKit's own is. */
const VAD_SILENCE_MS = 250;
const SPEECH_MS = 500;

/** Each is asked once a call; the answers differ in length. */
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
/** Turns of a call in which interims say more than was said. */
const OTHER_TURNS = 4;
/** Makes the model use its tool. */
const TOOL_QUESTION = 'What is the weather going to be.';

export const sleep = (ms: number) => new Promise<void>((resolve) => systemClock.schedule(ms, resolve));

export function questionOf(setUp: SetUp, turn: number): string {
  if (setUp.turn.toolMs !== undefined && turn % 2 === 0) return TOOL_QUESTION;
  return QUESTIONS[(turn - 1) % QUESTIONS.length]!;
}

/** Plays one turn's sounds and transcripts, in real time, as a VAD and a speech-to-text would tell of them. */
export async function sayTurn(options: {
  vad: ScriptedVAD;
  ears: ScriptedSTT;
  setUp: SetUp;
  words: string;
  /** From 1. */
  turn: number;
  random: () => number;
}): Promise<void> {
  const { vad, ears, setUp, words, turn, random } = options;
  const { interimAfterMs, finalAfterMs, interims, isSpelledLate } = setUp.ears;
  const [fromMs, toMs] = finalAfterMs;
  const finalMs = fromMs + random() * (toMs - fromMs);
  const bare = words.replace('.', '').toLowerCase();
  const isOther = interims === 'other at first' && turn <= OTHER_TURNS;
  vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
  vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: SPEECH_MS });
  await sleep(SPEECH_MS);
  const endedMs = systemClock.nowMs();
  const events: [atMs: number, say: () => void][] = [
    [interimAfterMs, () => ears.hear(Type.INTERIM_TRANSCRIPT, isOther ? `${bare} tonight` : bare)],
    [finalMs, () => ears.hear(Type.FINAL_TRANSCRIPT, words)],
    [VAD_SILENCE_MS, () => vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: VAD_SILENCE_MS })],
  ];
  if (isSpelledLate) events.push([interimAfterMs + 30, () => ears.hear(Type.PREFLIGHT_TRANSCRIPT, bare)]);
  // In STT mode it is the engine that says when a turn begins and ends.
  if (setUp.turn.mode === 'stt') {
    ears.hear(Type.START_OF_SPEECH, '');
    events.push([finalMs + 1, () => ears.hear(Type.END_OF_SPEECH, '')]);
  }
  for (const [atMs, say] of events.sort(([a], [b]) => a - b)) {
    await sleep(Math.max(0, endedMs + atMs - systemClock.nowMs()));
    say();
  }
}
