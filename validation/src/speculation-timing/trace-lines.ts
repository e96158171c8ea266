import { CALLER_RATE_HZ, type Clip, noisyRoomRms, roomTone, synthesizeCall } from '@firstword/calls';
import { type SpeculationTiming, traceSpeculations } from '@firstword/livekit';
import { fliteTts } from '@firstword/local';
import type { SpeechToText } from '@firstword/turn';
import { lineSets } from '../endpointing/corpus.js';

/** A variant of the speech-to-text. */
export interface SttVariant {
  name: string;
  stt: SpeechToText;
  /** Silence after which the VAD reports a pause to the engine, ms. */
  pauseHintMs: number;
}

/** Trace of one line with one variant. Times are relative to the line's last sample, ms. */
export interface TracedLine extends SpeculationTiming {
  line: string;
  /** Name of the variant. */
  variant: string;
}

const LEAD_MS = 1000;
/** Silence after a line, ms: longer than end-of-utterance detection and the last decoding take. */
const TAIL_MS = 1600;
/** Each variant decodes in one process, so more parallel lines would wait for each other. */
const LINES_AT_ONCE = 2;

const samplesOf = (ms: number) => Math.round((ms * CALLER_RATE_HZ) / 1000);

interface SpokenLine {
  name: string;
  clip: Clip;
  room: (samples: number) => Int16Array;
}

/** Synthesizes the lines with their background noise. */
async function synthesizeLines(compared: boolean, signal?: AbortSignal): Promise<SpokenLine[]> {
  const spoken: SpokenLine[] = [];
  for (const { voice: name, snrDb, lines, id } of lineSets().filter((r) => r.compared === compared)) {
    const voice = fliteTts({ voice: name });
    try {
      const clips = await synthesizeCall({ lines, voice, ...(signal ? { signal } : {}) });
      const speech = clips.map(({ samples }) => samples);
      const rms = snrDb === undefined ? undefined : noisyRoomRms(speech, snrDb);
      for (const [i, clip] of clips.entries()) {
        spoken.push({ name: `${id}/${i + 1}`, clip, room: roomTone(spoken.length + 1, rms) });
      }
    } finally {
      await voice.close();
    }
  }
  return spoken;
}

function withRoomTone({ clip, room }: SpokenLine): Int16Array {
  const from = samplesOf(LEAD_MS);
  const audio = room(from + clip.samples.length + samplesOf(TAIL_MS));
  for (const [i, sample] of clip.samples.entries()) {
    audio[from + i] = Math.max(-32_768, Math.min(32_767, audio[from + i]! + sample));
  }
  return audio;
}

/**
 * Plays every line in real time to each variant. The variants alternate in being first.
 * @throws FirstwordError `aborted`
 */
export async function traceLines(options: {
  variants: readonly SttVariant[];
  /** Use the lines of held-out domains instead of those of the compared calls. */
  heldOut?: boolean;
  limit?: number;
  onLine?(done: number, count: number): void;
  signal?: AbortSignal;
}): Promise<TracedLine[]> {
  const { variants, signal } = options;
  const lines = (await synthesizeLines(!options.heldOut, signal)).slice(0, options.limit);
  const queue = lines.flatMap((line, i) =>
    variants.map((_, v) => ({ line, by: variants[(i + v) % variants.length]! })),
  );
  const count = queue.length;
  const traced: TracedLine[] = [];
  const traceSome = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { line, by } = next;
      const { stt: engine, pauseHintMs } = by;
      const audio = withRoomTone(line);
      const trace = await traceSpeculations(audio, { engine, pauseHintMs, ...(signal ? { signal } : {}) });
      const endMs = LEAD_MS + (line.clip.samples.length * 1000) / CALLER_RATE_HZ;
      const fromEnd = (words: SpeculationTiming['speculations']) =>
        words.map((t) => ({ ...t, atMs: t.atMs - endMs }));
      traced.push({
        line: line.name,
        variant: by.name,
        speculations: fromEnd(trace.speculations),
        finals: fromEnd(trace.finals),
      });
      options.onLine?.(traced.length, count);
    }
  };
  await Promise.all(Array.from({ length: LINES_AT_ONCE }, traceSome));
  return traced;
}
