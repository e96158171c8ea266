import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn, valuesOf } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

/** Medians of speech-to-speech models, measured from sound to sound [kwindla/aiewf-eval 2026]. */
const FASTEST_MEDIAN_MS = 1152;
/** A cascade with Firstword’s levers on, measured in this project: docs/compare.md. */
const CASCADE_MS = 600;

/** Finds user code that runs before a realtime model may answer. */
export const realtimeWithLogic: Rule = {
  id: 'realtime-with-logic',
  title: 'A realtime model is used with your own logic',
  looksFor: 'speech-to-speech models in turns with tools or your own code: each needs the model twice',
  needs: 'the name of the model',
  part: 'LLM',
  examine(evidence) {
    const turns = evidence.answered.filter(({ isRealtime }) => isRealtime);
    // Where the ledger has the tools' own times, they belong to the rule `realtime-tools`.
    const usesTool = (turn: EvidenceTurn) =>
      turn.toolCalls > 0 && turn.path.tools === undefined && turn.path['model after tools'] === undefined;
    const withLogic = turns.filter(
      (turn) => usesTool(turn) || (turn.parts.logicMs ?? 0) > 5 || waitedMs(turn, 'logic') > 5,
    );
    if (withLogic.length === 0) return [];
    const middle = median(valuesOf(turns, ({ gapMs }) => gapMs))!;
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? [0, turn.gapMs! - FASTEST_MEDIAN_MS, turn.gapMs! - CASCADE_MS] : 0),
      'a half-cascade at least as fast as the fastest realtime model that was published',
    );
    return [
      findingOf(this, {
        verdict: `${turns[0]!.llm!.model} answers after ${ms(middle)}, and ${withLogic.length} of ${turns.length} turns run tools or your own code, which a realtime model has to wait for.`,
        evidence: [
          evidenceLine('turns with tools or code of yours', withLogic),
          evidenceLine(
            'published medians, sound to sound: gpt-realtime-1.5 1152, gpt-realtime-2.1 1504, gemini-3.1-live 1632 ms',
            [],
          ),
        ],
        confidence: confidenceFrom(
          0.6,
          withLogic.length,
          'the model is known; a cascade was not measured here',
        ),
        ...(isNoticeable(saving) ? { saving } : {}),
        fix: {
          livekit: {
            text: 'Use the realtime model in text mode with your own TTS (a half-cascade), or a cascade',
            code: "new voice.AgentSession({ llm: new openai.realtime.RealtimeModel({ modalities: ['text'] }), tts })",
          },
          firstword: {
            text: 'A cascade that starts early keeps your logic and is faster than the published medians',
            code: 'new AgentSession({ stt, llm, tts, firstword: { prepare } })',
          },
        },
        check: 'Compare both on the same calls: `npx firstword compare`.',
      }),
    ];
  },
};
