import { systemClock, type TextToSpeech } from '@firstword/turn';
import { numberIn, wait } from './tool-model.js';

/** What is said, as it can be told from the sound: answers by their number, from 1. */
export type Spoken = number | 'filler' | 'words';

const WORDS_LEVEL = 1_000;
const FILLER_LEVEL = 1_500;
const ANSWER_LEVEL = 2_000;
/** Levels of neighbouring answers are this far apart. */
const STEP = 100;

const RATE_HZ = 24_000;
const FRAME_MS = 20;
const FIRST_BYTE_MS = 100;
/** Synthesis speed as a multiple of real time. */
const SPEED = 5;
const MS_PER_CHARACTER = 60;

/** What a sound of this level says. */
export function spokenAt(level: number): Spoken {
  if (level >= ANSWER_LEVEL) return Math.round((level - ANSWER_LEVEL) / STEP);
  return level >= FILLER_LEVEL ? 'filler' : 'words';
}

/** A TTS with the timing of a hosted one, whose level tells what it says. */
export function leveledTts(fillers: readonly string[]): TextToSpeech {
  const levelOf = (text: string) => {
    const number = numberIn(text);
    if (number !== undefined) return ANSWER_LEVEL + number * STEP;
    return fillers.some((filler) => filler.includes(text)) ? FILLER_LEVEL : WORDS_LEVEL;
  };
  return {
    provider: 'emulated',
    model: 'levels',
    voice: 'tone',
    sampleRateHz: RATE_HZ,
    ready: () => Promise.resolve(),
    async *synthesize(text, { signal } = {}) {
      const startedMs = systemClock.nowMs();
      const level = levelOf(text);
      for (let atMs = 0; atMs < text.length * MS_PER_CHARACTER; atMs += FRAME_MS) {
        const dueMs = startedMs + FIRST_BYTE_MS + atMs / SPEED;
        if (dueMs > systemClock.nowMs()) await wait(dueMs - systemClock.nowMs(), signal);
        yield new Int16Array((RATE_HZ * FRAME_MS) / 1000).fill(level);
      }
    },
    close: () => Promise.resolve(),
  };
}
