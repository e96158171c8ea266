import type { SegmentName } from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import { TRIMMED_SILENCE_MS } from '../references.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

const MIN_MS = 60;

/** Finds synthesized audio that begins with silence. */
export const leadingSilence: Rule = {
  id: 'leading-silence',
  title: 'The TTS audio begins with silence',
  looksFor: 'silence at the beginning of the synthesized audio: no metric of LiveKit’s shows it',
  needs: 'Firstword’s records',
  part: 'TTS',
  examine(evidence) {
    // A realtime model that speaks itself has a rule of its own.
    const turns = evidence.answered.filter(
      (turn) => (!turn.isRealtime || turn.parts.ttsMs !== undefined) && waitedMs(turn, 'silence') > MIN_MS,
    );
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? waitedMs(turn, 'silence') - TRIMMED_SILENCE_MS : 0),
      `the silence is cut to ${TRIMMED_SILENCE_MS} ms`,
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const wait = median(turns.map((turn) => waitedMs(turn, 'silence')))!;
    const voice = turns[0]!.tts ? `${turns[0]!.tts.provider} ${turns[0]!.tts.model}` : 'the voice';
    return [
      findingOf(this, {
        verdict: `Audio from ${voice} begins with ${ms(wait)} of silence, which callers experience as waiting.`,
        evidence: [
          evidenceLine(`first frame to first sound, median ${ms(wait)}`, turns, (turn) =>
            waitedMs(turn, 'silence'),
          ),
        ],
        confidence: confidenceFrom(0.94, turns.length, 'it was measured on the samples'),
        saving,
        fix: {
          livekit: {
            text: 'Drop frames below −50 dBFS at the beginning in `ttsNode`; some voices have an option',
            code: `override async ttsNode(text, settings) {
  const audio = await voice.Agent.default.ttsNode(this, text, settings);
  let begun = false;
  const trim = new TransformStream<AudioFrame, AudioFrame>({
    transform(frame, out) {
      begun ||= frame.data.some((sample) => Math.abs(sample) > 100); // −50 dBFS
      if (begun) out.enqueue(frame);
    },
  });
  return audio && audio.pipeThrough(trim);
}`,
          },
          firstword: {
            text: 'It is trimmed',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { trimSilence: true } } })',
          },
        },
        check: `The \`${'leading silence' satisfies SegmentName}\` segment is below 30 ms.`,
      }),
    ];
  },
};
