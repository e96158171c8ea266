import type { CallerLine } from '@firstword/calls';
import { COMPARE_CALLS, noisyRoomRms, synthesizeCall } from '@firstword/calls';
import { fliteTts } from '@firstword/local';
import type { SpeechToText } from '@firstword/turn';
import { ENDPOINTING_LINES } from './lines.js';
import type { Recording } from './pause.js';
import { recordLine } from './record.js';

/** Lines that one voice says in one place. */
export interface Reading {
  /** The compared call's; the voice of the other lines. */
  id: string;
  voice: string;
  snrDb?: number;
  compared: boolean;
  lines: readonly CallerLine[];
}

/** A line of the bench is said by two of these, so that no voice has lines of its own. */
const VOICES = ['rms', 'awb', 'kal', 'slt'] as const;
/** One hears while another thinks. */
const LINES_AT_ONCE = 4;
/** As in the compared calls, two of six are from noisy places. */
const NOISY_DB = [undefined, 20, undefined, 30] as const;

export function readings(): Reading[] {
  const compared = COMPARE_CALLS.map(({ id, voice, snrDb, lines }) => ({
    id,
    voice,
    ...(snrDb === undefined ? {} : { snrDb }),
    compared: true,
    // Nobody waits for an answer to "Uh huh."
    lines: lines.filter(({ kind }) => kind !== 'backchannel'),
  }));
  const own = VOICES.map((voice, v) => {
    const snrDb = NOISY_DB[v];
    const lines = ENDPOINTING_LINES.filter((_, i) => i % 4 === v || (i + 1 + (i % 3)) % 4 === v);
    return { id: voice, voice, ...(snrDb === undefined ? {} : { snrDb }), compared: false, lines };
  });
  return [...compared, ...own];
}

/**
 * Speaks and hears every line of the bench and of the compared calls. The same every time, whatever else the machine does.
 * @throws FirstwordError `aborted`
 */
export async function recordCorpus(options: {
  stt: SpeechToText;
  onLine?(done: number, count: number): void;
  signal?: AbortSignal;
}): Promise<Recording> {
  const { stt, signal } = options;
  const all = readings();
  const count = all.reduce((sum, { lines }) => sum + lines.length, 0);
  const recording: Recording = { livekit: [], firstword: [] };
  let done = 0;
  for (const { voice: name, snrDb, compared, lines } of all) {
    const voice = fliteTts({ voice: name });
    try {
      const clips = await synthesizeCall({ lines, voice, ...(signal ? { signal } : {}) });
      const speech = clips.map(({ samples }) => samples);
      const room = snrDb === undefined ? {} : { roomRms: noisyRoomRms(speech, snrDb) };
      const seeds = clips.map((_, i) => done + i + 1);
      for (let from = 0; from < clips.length; from += LINES_AT_ONCE) {
        const batch = clips.slice(from, from + LINES_AT_ONCE).map(async (clip, i) => {
          const named = { name: clip.line.parts.join(' … '), voice: name, compared, clip };
          const line = { ...named, ...room, seed: seeds[from + i]! };
          // LiveKit's delays take no account of the words.
          const livekit = await recordLine(line, { vad: 'livekit', ...(signal ? { signal } : {}) });
          const firstword = await recordLine(line, { vad: 'firstword', stt, ...(signal ? { signal } : {}) });
          options.onLine?.(++done, count);
          return { livekit, firstword };
        });
        for (const { livekit, firstword } of await Promise.all(batch)) {
          recording.livekit.push(...livekit);
          recording.firstword.push(...firstword);
        }
      }
    } finally {
      await voice.close();
    }
  }
  return recording;
}
