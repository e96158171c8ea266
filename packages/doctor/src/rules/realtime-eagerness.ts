import type { SegmentName } from '@firstword/turn';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Remedy } from '../finding.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';
import { detectionType, realtimeTurns, remedyOf, spreadOf, turnDetectionMs } from './realtime-model.js';

/** The longest waits of OpenAI's semantic VAD by its `eagerness`, ms; `auto` is `medium` [its guide to voice activity detection, November 2026]. */
const LONGEST_MS: Readonly<Record<string, number>> = { low: 8000, medium: 4000, auto: 4000, high: 2000 };
/** Semantic VAD waits less than this after a sentence that it takes for complete. */
const LONG_MS = 700;
const SERVER_VAD_MS = 500;

const eagernessOf = ({ settings }: EvidenceTurn): string => {
  const value = settings?.['turnDetection.eagerness'];
  return typeof value === 'string' && value in LONGEST_MS ? value : 'auto';
};

const EAGER: Remedy = {
  text: 'Set `eagerness` of OpenAI’s semantic VAD to `high`: it then waits 2 s at most, and count how often callers are cut off',
  code: "new openai.realtime.RealtimeModel({ turnDetection: { type: 'semantic_vad', eagerness: 'high' } })",
  python:
    'openai.realtime.RealtimeModel(turn_detection=SemanticVad(type="semantic_vad", eagerness="high"))  # from openai.types.realtime.realtime_audio_input_turn_detection',
};
const SERVER_VAD: Remedy = {
  text: '`eagerness` is `high` already: take server VAD, which waits for a constant silence',
  code: "new openai.realtime.RealtimeModel({ turnDetection: { type: 'server_vad', silence_duration_ms: 500 } })",
  python:
    'openai.realtime.RealtimeModel(turn_detection=ServerVad(type="server_vad", silence_duration_ms=500))  # from openai.types.realtime.realtime_audio_input_turn_detection',
};

/** What a turn would wait with the next step: least, likeliest and most that it saves. */
function savedMs(turn: EvidenceTurn): [number, number, number] {
  const waitMs = turnDetectionMs(turn);
  const longestMs = LONGEST_MS[eagernessOf(turn)]!;
  if (longestMs === LONGEST_MS.high) return [0, waitMs - SERVER_VAD_MS, waitMs - SERVER_VAD_MS];
  return [waitMs - LONGEST_MS.high!, waitMs * (1 - LONGEST_MS.high! / longestMs), waitMs - SERVER_VAD_MS];
}

/** Finds semantic turn detection that waits long where it takes a sentence for incomplete. */
export const realtimeEagerness: Rule = {
  id: 'realtime-eagerness',
  title: 'Semantic turn detection waits long',
  looksFor: 'turns after which a realtime provider’s semantic turn detection waits for the caller to go on',
  needs: 'Firstword’s records',
  part: 'end of turn',
  examine(evidence) {
    const measured = realtimeTurns(evidence.answered).filter(
      (turn) => detectionType(turn) === 'semantic_vad',
    );
    const turns = measured.filter((turn) => turnDetectionMs(turn) > LONG_MS);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? savedMs(turn) : 0),
      'the wait shrinks with the longest wait that the setting allows: low 8, medium 4, high 2 s',
      ['realtimeTurnDetection'],
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const eagerness = eagernessOf(turns[0]!);
    const { p50Ms, maxMs } = spreadOf(turns, turnDetectionMs);
    const fix = eagerness === 'high' ? SERVER_VAD : EAGER;
    const remedy = remedyOf(turns, { openai: fix, google: fix });
    return [
      findingOf(this, {
        verdict: `In ${turns.length} of ${measured.length} turns (${percent(turns.length / measured.length)}) semantic turn detection waits ${ms(p50Ms)} at the median, up to ${ms(maxMs)}, for the caller to go on: \`eagerness\` is \`${eagerness}\`.`,
        evidence: [
          evidenceLine(`the provider ended the turn after more than ${ms(LONG_MS)}`, turns, turnDetectionMs),
        ],
        confidence: confidenceFrom(
          0.9,
          turns.length,
          'the wait was timed, and the session reports the setting',
        ),
        saving,
        fix: { livekit: remedy, firstword: remedy },
        check: `The \`${'provider turn detection' satisfies SegmentName}\` segment is below 700 ms in most turns, and callers are not cut off more often.`,
        experiment:
          'Say “My number is …” and pause, then a complete question: if only the first waits, the setting is the cause.',
      }),
    ];
  },
};
