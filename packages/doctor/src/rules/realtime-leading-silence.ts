import type { SegmentName } from '@firstword/turn';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Remedy } from '../finding.js';
import { TRIMMED_SILENCE_MS } from '../references.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';
import { realtimeName, realtimeTurns, spreadOf } from './realtime-model.js';

const MIN_MS = 60;

const TRIM: Remedy = {
  text: 'Drop frames below −50 dBFS at the beginning of each answer in `realtimeAudioOutputNode`',
  code: `override async realtimeAudioOutputNode(audio, settings) {
  const answer = await voice.Agent.default.realtimeAudioOutputNode(this, audio, settings);
  let begun = false;
  const trim = new TransformStream<AudioFrame, AudioFrame>({
    transform(frame, out) {
      begun ||= frame.data.some((sample) => Math.abs(sample) > 100); // −50 dBFS
      if (begun) out.enqueue(frame);
    },
  });
  return answer && answer.pipeThrough(trim);
}`,
  python: `async def realtime_audio_output_node(self, audio, model_settings):
    begun = False
    async for frame in audio:
        begun = begun or any(abs(sample) > 100 for sample in frame.data)  # -50 dBFS
        if begun:
            yield frame`,
};

/** Finds answers of realtime models whose audio begins with silence. */
export const realtimeLeadingSilence: Rule = {
  id: 'realtime-leading-silence',
  title: 'The realtime model’s audio begins with silence',
  looksFor: 'silence at the beginning of a realtime model’s answers: no metric of LiveKit’s shows it',
  needs: 'Firstword’s records',
  part: 'TTS',
  examine(evidence) {
    const turns = realtimeTurns(evidence.answered).filter(
      (turn) => turn.parts.ttsMs === undefined && waitedMs(turn, 'silence') > MIN_MS,
    );
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? waitedMs(turn, 'silence') - TRIMMED_SILENCE_MS : 0),
      `the silence is cut to ${TRIMMED_SILENCE_MS} ms, and the model sends its audio faster than it is spoken`,
      ['silence'],
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const { p50Ms } = spreadOf(turns, (turn) => waitedMs(turn, 'silence'));
    return [
      findingOf(this, {
        verdict: `The audio of ${realtimeName(turns)} begins with ${ms(p50Ms)} of silence, which callers experience as waiting.`,
        evidence: [
          evidenceLine(`first frame to first sound, median ${ms(p50Ms)}`, turns, (turn) =>
            waitedMs(turn, 'silence'),
          ),
        ],
        confidence: confidenceFrom(0.94, turns.length, 'it was measured on the samples'),
        saving,
        fix: { livekit: TRIM, firstword: TRIM },
        check: `The \`${'leading silence' satisfies SegmentName}\` segment is below 30 ms.`,
      }),
    ];
  },
};
