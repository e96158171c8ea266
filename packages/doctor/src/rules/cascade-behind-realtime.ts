import type { Evidence, EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Finding } from '../finding.js';
import type { Rule } from '../rule.js';
import { hasLedger, waitedMs } from '../waited.js';
import { answerMs, bothKinds, slowerKind } from './both-kinds.js';
import { findingOf } from './finding-of.js';
import { realtimeName, spreadOf } from './realtime-model.js';

/** The fastest published median of a realtime model, from sound to sound, less 500 ms of turn detection [kwindla/aiewf-eval 2026]. */
const REALTIME_MS = 652;
/** A cascade that needs less than this after the end of the turn is no slower than many realtime models. */
const SLOW_MS = 1_300;
const MIN_TURNS = 6;

const FIX: Finding['fix'] = {
  livekit: {
    text: 'Compare a realtime model on the same calls: it hears and speaks itself, and tools and checks of your own then need a second response',
    code: "new voice.AgentSession({ llm: new openai.realtime.RealtimeModel({ turnDetection: { type: 'server_vad', silence_duration_ms: 400 } }) })",
    python:
      'AgentSession(llm=openai.realtime.RealtimeModel(turn_detection=ServerVad(type="server_vad", silence_duration_ms=400)))  # from openai.types.realtime.realtime_audio_input_turn_detection',
  },
  firstword: {
    text: 'The same session takes a realtime model, and records its turns alike',
    code: "new AgentSession({ llm: new openai.realtime.RealtimeModel({ turnDetection: { type: 'server_vad', silence_duration_ms: 400 } }) })",
  },
};
const CHECK = 'Compare both on the same calls: `npx firstword compare`.';

/** Without tools and code of the user's own, which a realtime model does not run any sooner. */
const isPlain = (turn: EvidenceTurn): boolean =>
  hasLedger(turn) && !turn.isRealtime && turn.toolCalls === 0 && waitedMs(turn, 'logic') < 5;

/** The user's own realtime turns are faster. */
function measured(rule: Rule, evidence: Evidence): Finding[] {
  const both = bothKinds(evidence);
  if (!both) return [];
  const { realtime, cascade, realtimeMs, cascadeMs } = both;
  return slowerKind(rule, evidence, {
    slower: { turns: cascade, medianMs: cascadeMs, name: 'the cascade' },
    faster: { turns: realtime, medianMs: realtimeMs, name: 'the realtime model' },
    verdict: `${realtimeName(realtime)} answers after ${ms(realtimeMs)} at the median, your cascade after ${ms(cascadeMs)}.`,
    premise: 'the same turns would take your realtime model’s median',
    fix: FIX,
    check: CHECK,
  });
}

/** Finds cascades that are slower than a realtime model. */
export const cascadeBehindRealtime: Rule = {
  id: 'cascade-behind-realtime',
  title: 'A realtime model would answer sooner than the cascade',
  looksFor:
    'turns of a cascade that are slower than your own realtime turns, or that take long after the end of the turn without tools',
  needs: 'Firstword’s records; better with turns of a realtime model beside them',
  part: 'whole turn',
  examine(evidence) {
    const own = measured(this, evidence);
    if (own.length > 0 || bothKinds(evidence)) return own;
    const turns = evidence.answered.filter(isPlain);
    if (turns.length < MIN_TURNS || turns.length < evidence.answered.length / 2) return [];
    const { p50Ms } = spreadOf(turns, answerMs);
    if (p50Ms < SLOW_MS) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => [
        0,
        members.has(turn) ? answerMs(turn) - REALTIME_MS : 0,
        members.has(turn) ? answerMs(turn) - REALTIME_MS : 0,
      ],
      `a realtime model whose first audio comes ${REALTIME_MS} ms after the end of the turn, the fastest published median`,
    );
    if (!isNoticeable(saving)) return [];
    return [
      findingOf(this, {
        verdict: `LLM and TTS take ${ms(p50Ms)} at the median after the end of the turn; the fastest published realtime model takes ${ms(REALTIME_MS)}.`,
        evidence: [evidenceLine(`waited for the LLM and the TTS, median ${ms(p50Ms)}`, turns, answerMs)],
        confidence: confidenceFrom(
          0.15,
          turns.length,
          'a realtime model was not measured here, and a faster LLM or TTS may do as well',
        ),
        saving,
        fix: FIX,
        check: CHECK,
      }),
    ];
  },
};
