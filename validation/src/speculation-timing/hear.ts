import { CALLER_RATE_HZ, type Clip, noisyRoomRms, roomTone, synthesizeCall } from '@firstword/calls';
import { type SpeculationTiming, traceSpeculations } from '@firstword/livekit';
import { fliteTts } from '@firstword/local';
import type { SpeechToText } from '@firstword/turn';
import { readings } from '../endpointing/corpus.js';

/** One way of hearing. */
export interface Ears {
  name: string;
  stt: SpeechToText;
  /** Silence after which the VAD tells the engine of a pause, ms. */
  pauseHintMs: number;
}

/** One line, heard once. Times are ms from its last sample. */
export interface HeardLine extends SpeculationTiming {
  line: string;
  /** Who heard it. */
  ears: string;
}

const LEAD_MS = 1000;
/** More than an utterance's end and its last decode take. */
const TAIL_MS = 1600;
/** Each pair of ears is one process: more lines would wait for each other. */
const LINES_AT_ONCE = 2;

const samplesOf = (ms: number) => Math.round((ms * CALLER_RATE_HZ) / 1000);

interface Spoken {
  name: string;
  clip: Clip;
  room: (samples: number) => Int16Array;
}

/** Speaks the lines, each in its place. */
async function speakLines(compared: boolean, signal?: AbortSignal): Promise<Spoken[]> {
  const spoken: Spoken[] = [];
  for (const { voice: name, snrDb, lines, id } of readings().filter((r) => r.compared === compared)) {
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

function inPlace({ clip, room }: Spoken): Int16Array {
  const from = samplesOf(LEAD_MS);
  const audio = room(from + clip.samples.length + samplesOf(TAIL_MS));
  for (const [i, sample] of clip.samples.entries()) {
    audio[from + i] = Math.max(-32_768, Math.min(32_767, audio[from + i]! + sample));
  }
  return audio;
}

/**
 * Hears every line at the pace of speech, once with each pair of ears; they take turns at being first.
 * @throws FirstwordError `aborted`
 */
export async function hearLines(options: {
  ears: readonly Ears[];
  /** The lines to other desks, instead of those of the compared calls. */
  others?: boolean;
  limit?: number;
  onHeard?(done: number, count: number): void;
  signal?: AbortSignal;
}): Promise<HeardLine[]> {
  const { ears, signal } = options;
  const lines = (await speakLines(!options.others, signal)).slice(0, options.limit);
  const queue = lines.flatMap((line, i) => ears.map((_, e) => ({ line, by: ears[(i + e) % ears.length]! })));
  const count = queue.length;
  const heard: HeardLine[] = [];
  const hearSome = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { line, by } = next;
      const { stt: engine, pauseHintMs } = by;
      const audio = inPlace(line);
      const trace = await traceSpeculations(audio, { engine, pauseHintMs, ...(signal ? { signal } : {}) });
      const endMs = LEAD_MS + (line.clip.samples.length * 1000) / CALLER_RATE_HZ;
      const fromEnd = (told: SpeculationTiming['speculations']) =>
        told.map((t) => ({ ...t, atMs: t.atMs - endMs }));
      heard.push({
        line: line.name,
        ears: by.name,
        speculations: fromEnd(trace.speculations),
        finals: fromEnd(trace.finals),
      });
      options.onHeard?.(heard.length, count);
    }
  };
  await Promise.all(Array.from({ length: LINES_AT_ONCE }, hearSome));
  return heard;
}
