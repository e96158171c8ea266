import { median } from '@firstword/turn/statistics';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn, valuesOf } from '../figures.js';
import type { Rule } from '../rule.js';
import { LLM_STAGES, waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';
import { ttftRange } from './ttft-range.js';

/** Above this share of the gap and this duration, the LLM is what to improve. */
const MAX_SHARE = 0.45;
const MAX_MS = 450;
/** The wait for a fast, warm LLM, by published medians: 98 to 553 ms. */
const REACHABLE_MS = 300;
/** Published medians of the models in use are below this. */
const UNUSUAL_MS = 900;
const USUAL_SHARE = 0.25;

/** Finds gaps that are mostly LLM time although the model is within its usual range. */
export const llmShare: Rule = {
  id: 'llm-share',
  title: 'The LLM is most of the silence',
  looksFor: 'turns in which waiting for the LLM is the largest part of the gap',
  needs: 'a time to first token, and the whole gap',
  part: 'LLM',
  examine(evidence) {
    const measured = evidence.answered.filter(
      ({ parts, isRealtime }) => parts.ttftMs !== undefined && !isRealtime,
    );
    const waits = measured.map((turn) => waitedMs(turn, ...LLM_STAGES));
    const gaps = valuesOf(measured, ({ gapMs }) => gapMs);
    const wait = median(waits);
    const share = waits.reduce((sum, one) => sum + one, 0) / gaps.reduce((sum, one) => sum + one, 0);
    if (wait === undefined || wait < MAX_MS || share < MAX_SHARE) return [];
    const saving = savingOn(
      evidence,
      (turn) => {
        const excess = waitedMs(turn, ...LLM_STAGES) - REACHABLE_MS;
        // A usual first token can be faster, but nothing is wrong with it.
        const likely = wait < UNUSUAL_MS ? excess * USUAL_SHARE : excess;
        return turn.parts.ttftMs === undefined ? 0 : [likely * 0.5, likely, excess];
      },
      `an LLM whose first token comes after ${REACHABLE_MS} ms, which several published medians are below`,
      LLM_STAGES,
    );
    if (!isNoticeable(saving)) return [];
    const isOutsideRange = ttftRange.examine(evidence).length > 0;
    const isNamed = measured.some(({ llm }) => llm && llm.model !== 'unknown');
    const verdict = `Waiting for the LLM is ${percent(share)} of the silence: ${ms(wait)} at the median turn.`;
    return [
      findingOf(this, {
        kind: 'unknown',
        verdict,
        evidence: [
          evidenceLine(
            `median wait ${ms(wait)}, ${percent(share)} of all gaps`,
            measured,
            ({ parts }) => parts.ttftMs!,
          ),
        ],
        confidence: isNamed
          ? confidenceFrom(0.25, measured.length, 'it shows where the time is, not why')
          : confidenceFrom(
              share > 0.5 && wait > 2 * MAX_MS && !isOutsideRange ? 0.45 : 0.25,
              measured.length,
              'the LLM’s time is reported and is most of the silence; which model it is, and why it takes so long, is not in the data',
            ),
        saving,
        fix: {
          livekit: {
            text: 'Let the answer start before the turn is over, and use a model with a short time to first token',
            code: 'new voice.AgentSession({ turnHandling: { preemptiveGeneration: { enabled: true } } })',
            python: 'AgentSession(turn_handling={"preemptive_generation": {"enabled": True}})',
          },
          firstword: {
            text: 'Race two providers, and start on a transcript that is probably complete',
            code: "new AgentSession({ stt, tts, llm: new FirstwordLLM(router({ models: [a, b], order: 'fastest' })) })",
          },
        },
        check: 'The LLM’s share in `firstword report` falls below a third.',
      }),
    ];
  },
};
