import type { CallerLine } from '@firstword/calls';
import { COMPARE_CALLS, noisyRoomRms, synthesizeCall } from '@firstword/calls';
import { fliteTts } from '@firstword/local';
import type { SpeechToText } from '@firstword/turn';
import { ENDPOINTING_LINES } from './lines.js';
import type { EndpointingRecording } from './pause.js';
import { recordLine } from './record.js';

/** Lines spoken by one voice with the same background noise. */
export interface LineSet {
  /** Id of the compared call; for held-out lines the name of the voice. */
  id: string;
  voice: string;
  /** Signal-to-noise ratio, dB; absent for a quiet room. */
  snrDb?: number;
  /** Whether `firstword compare` plays these lines; the others are from held-out domains. */
  compared: boolean;
  lines: readonly CallerLine[];
}

/** Each held-out line is spoken by two of these voices, so that no line depends on one voice. */
const VOICES = ['rms', 'awb', 'kal', 'slt'] as const;
/** Lines processed at the same time: some are decoded while others run the model. */
const LINES_AT_ONCE = 4;
/** Signal-to-noise ratios of the voices, dB. As in the compared calls, some have background noise. */
const NOISY_DB = [undefined, 20, undefined, 30] as const;

/** All line sets: the compared calls, and the held-out lines per voice. */
export function lineSets(): LineSet[] {
  const compared = COMPARE_CALLS.map(({ id, voice, snrDb, lines }) => ({
    id,
    voice,
    ...(snrDb === undefined ? {} : { snrDb }),
    compared: true,
    // Backchannels such as "Uh huh." expect no answer.
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
 * Synthesizes every line and records its pauses. The result is deterministic and does not depend on load.
 * @throws FirstwordError `aborted`
 */
export async function recordCorpus(options: {
  stt: SpeechToText;
  onLine?(done: number, count: number): void;
  signal?: AbortSignal;
}): Promise<EndpointingRecording> {
  const { stt, signal } = options;
  const all = lineSets();
  const count = all.reduce((sum, { lines }) => sum + lines.length, 0);
  const recording: EndpointingRecording = { livekit: [], firstword: [] };
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
          // LiveKit's delays do not depend on the words, so no speech-to-text is needed.
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
