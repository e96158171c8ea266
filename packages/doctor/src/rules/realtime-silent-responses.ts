import { isFailed } from '@firstword/turn';
import { groupBy, median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, ms, percent, savingOn } from '../figures.js';
import type { Finding } from '../finding.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';
import { realtimeName } from './realtime-model.js';

/** A response that began in time and is asked for again this soon was completed without a sound. */
const AFTER_MS = 1500;

/** Responses of a turn that brought no sound, or were not waited for any longer. */
const silentIn = ({ realtime, rescue }: EvidenceTurn): number =>
  Math.max(realtime?.silentResponses ?? 0, rescue ? 1 : 0);

/** Whether a turn of a realtime model failed because no sound came. */
export const isSilentTurn = ({ isRealtime, outcome, failure }: EvidenceTurn): boolean =>
  isRealtime &&
  isFailed(outcome) &&
  failure?.part === 'llm' &&
  (failure.code === 'empty_answer' || failure.code === 'no_audio');

const ASK_AGAIN = 'new AgentSession({ llm, firstword: { rescue: { afterMs: 1500 } } })';

function fixOf(isRescued: boolean): Finding['fix'] {
  return {
    livekit: {
      text: 'LiveKit does not notice it. Send some of these responses to the provider, try another version of the model, and ask again where a response had no output',
      code: `session.on(voice.AgentSessionEventTypes.MetricsCollected, ({ metrics }) => {
  if (metrics.type === 'realtime_model_metrics' && metrics.outputTokens === 0 && !metrics.cancelled) session.generateReply();
});`,
      python: `@session.on("metrics_collected")
def on_metrics(ev):
    m = ev.metrics
    if m.type == "realtime_model_metrics" and m.output_tokens == 0 and not m.cancelled:
        session.generate_reply()`,
    },
    firstword: isRescued
      ? {
          text: 'Such a turn is rescued already: lower `afterMs`, so that it is noticed sooner where nothing comes at all',
          code: ASK_AGAIN,
        }
      : {
          text: '`AgentSession` asks the model again, once, when an answer brings no sound',
          code: ASK_AGAIN,
        },
  };
}

/** Why the turns were rescued, where that is recorded, the most frequent reason first. */
function reasonsText(turns: readonly EvidenceTurn[]): string {
  const named = turns.filter(({ rescue }) => rescue?.reason !== undefined);
  const counted = [...groupBy(named, ({ rescue }) => rescue!.reason!)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  return counted.length === 0
    ? ''
    : ` (${counted.map(([reason, those]) => `${reason.replaceAll('_', ' ')} ${those.length}`).join(', ')})`;
}

/** Finds realtime models whose responses bring no sound. */
export const realtimeSilentResponses: Rule = {
  id: 'realtime-silent-responses',
  title: 'Responses of the realtime model bring no sound',
  looksFor: 'responses of a realtime model that are completed without an audible sample, or never come',
  needs: 'Firstword’s records, or a log of `RealtimeModel metrics`',
  part: 'whole turn',
  examine(evidence) {
    const all = evidence.turns.filter(({ isRealtime }) => isRealtime);
    const turns = all.filter((turn) => isSilentTurn(turn) || silentIn(turn) > 0);
    if (turns.length === 0) return [];
    const failed = turns.filter(isSilentTurn);
    const rescued = turns.filter(({ rescue, gapMs }) => rescue !== undefined && gapMs !== undefined);
    const members = new Set(rescued);
    const saving = savingOn(
      evidence,
      (turn) => {
        const waitMs = members.has(turn) ? waitedMs(turn, 'rescue') : 0;
        return [Math.max(0, waitMs - AFTER_MS), waitMs, waitMs];
      },
      'the first response is heard',
      ['rescue'],
    );
    const later = median(rescued.map((turn) => waitedMs(turn, 'rescue')));
    const told = [
      failed.length > 0 ? `${failed.length} stay silent` : '',
      rescued.length > 0
        ? `${rescued.length} are answered ${ms(later!)} later, by a rescue${reasonsText(rescued)}`
        : '',
    ].filter(Boolean);
    return [
      findingOf(this, {
        verdict: `${realtimeName(turns)} does not answer by itself in ${turns.length} of ${all.length} turns (${percent(turns.length / all.length)})${told.length > 0 ? `: ${told.join(', ')}` : ''}.`,
        evidence: [
          ...(failed.length > 0 ? [evidenceLine('no audible sample, and no answer', failed)] : []),
          ...(rescued.length > 0
            ? [evidenceLine('rescued, and then heard', rescued, (turn) => waitedMs(turn, 'rescue'))]
            : []),
        ],
        confidence: confidenceFrom(0.96, turns.length, 'the responses and their samples were counted'),
        ...(failed.length > 0
          ? { failedShare: failed.length / evidence.turns.length }
          : saving
            ? { saving }
            : {}),
        fix: fixOf(turns.some(({ rescue }) => rescue !== undefined)),
        check:
          '`realtime.silentResponses` is 0 in the records; `firstword report --budget failed=0` exits with 0.',
      }),
    ];
  },
};
