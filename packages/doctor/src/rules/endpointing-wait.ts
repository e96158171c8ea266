import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { isAdditive } from './additive-endpointing.js';
import { findingOf } from './finding-of.js';
import { waitedForDelay } from './waited-for-stt.js';

/** The median on recordings of people, with fewer cut-offs than LiveKit's defaults: docs/endpointing.md. */
const REACHABLE_MS = 360;
const SLOW_MS = 430;
const wait = ({ parts }: EvidenceTurn): number => parts.endOfTurnMs ?? 0;

/** The wait after the words were known; the rest is the transcript's time, not the delay's. */
const after = (turn: EvidenceTurn): number => wait(turn) - REACHABLE_MS;

function boundOf(
  turns: readonly EvidenceTurn[],
): { setting: string; share: number; valueMs?: number | undefined } | undefined {
  const bounds = turns.flatMap(({ settings }) => {
    const bound = settings?.['endpointing.bound'];
    return typeof bound === 'string' ? [bound] : [];
  });
  const most = bounds.filter((bound) => /max|unsure|open/i.test(bound)).length;
  if (bounds.length === 0) return undefined;
  const setting =
    most > bounds.length / 2 ? bounds.find((bound) => /max|unsure|open/i.test(bound))! : bounds[0]!;
  const value = turns.find(({ settings }) => settings?.['endpointing.bound'] === setting)?.settings?.[
    setting
  ];
  return {
    setting,
    share: bounds.filter((bound) => bound === setting).length / bounds.length,
    valueMs: typeof value === 'number' ? value : undefined,
  };
}

/** Finds turns that are committed late because of an endpointing delay. */
export const endpointingWait: Rule = {
  id: 'endpointing-wait',
  title: 'The end of the turn is decided late',
  looksFor:
    'time between the caller’s last word and the commit, where an endpointing delay and not a missing transcript takes it',
  needs: 'an end-of-turn delay: Firstword’s records, or the caller’s messages of a chat history',
  part: 'end of turn',
  examine(evidence) {
    if (isAdditive(evidence.answered)) return [];
    const turns = evidence.answered.filter((turn) => wait(turn) > SLOW_MS && waitedForDelay(turn));
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? [after(turn) * 0.5, after(turn), after(turn) + 80] : 0),
      `a commit after ${REACHABLE_MS} ms, the median at which Firstword’s waits cut fewer people off than LiveKit’s defaults did`,
      ['endpointing', 'decision'],
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const middle = median(turns.map(({ parts }) => parts.endOfTurnMs ?? 0))!;
    const bound = boundOf(turns);
    const isMax = bound !== undefined && /max|unsure|open/i.test(bound.setting);
    const isShort = bound?.valueMs !== undefined && bound.valueMs <= REACHABLE_MS;
    const which = bound
      ? `${bound.setting}${bound.valueMs === undefined ? '' : ` = ${bound.valueMs} ms`} decides in ${percent(bound.share)} of them`
      : 'min or max delay: the log does not say which';
    return [
      findingOf(this, {
        verdict: `The turn is committed ${ms(middle)} after the caller’s last word in ${turns.length} of ${evidence.answered.length} turns; ${which}.`,
        evidence: [evidenceLine(`end of turn after ${ms(middle)} at the median; ${which}`, turns, wait)],
        confidence: confidenceFrom(
          bound ? 0.9 : 0.7,
          turns.length,
          bound
            ? 'the record names the delay that ran out'
            : 'the transcript was there before, so it is a delay',
        ),
        saving,
        fix: {
          livekit: {
            text: isMax
              ? 'The model was unsure and the long delay ran: lower `maxDelay`, or use the audio turn detector; watch the callers that are cut off'
              : isShort
                ? 'The delay is short already: what is on top of it is VAD and the end-of-turn model, which a busy machine makes slow'
                : 'Lower `minDelay` with a turn detector in place; watch the callers that are cut off',
            code: `turnHandling: { turnDetection: new inference.TurnDetector(), endpointing: { ${isMax ? 'maxDelay: 1_200' : `minDelay: ${isShort ? 150 : 300}`} } }`,
          },
          firstword: {
            text: 'The wait depends on how likely the end of the turn is, judged by audio and words',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { endpointing: true } } })',
          },
        },
        check:
          '`end of turn` in `firstword report` falls, and `npm run bench:endpointing` or your own recordings show no more callers cut off.',
        experiment: 'Set `minDelay: 0` for one test call: the remaining wait is VAD and transcript.',
      }),
    ];
  },
};
