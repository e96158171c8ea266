import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { isAdditive } from './additive-endpointing.js';
import { commitDelays, commitMs, settingOf } from './commit-delays.js';
import { findingOf } from './finding-of.js';

/** The median on recordings of people, with fewer cut-offs than LiveKit's defaults: docs/endpointing.md. */
const REACHABLE_MS = 360;
const SLOW_MS = 430;
/** LiveKit's `minDelay` of 500 ms and the VAD's window: nobody has raised it. */
const DEFAULT_MS = 620;
const DEFAULT_DELAY_MS = 500;

/** The wait after the words were known; the rest is the transcript's time, not the delay's. */
const after = (turn: EvidenceTurn): number => commitMs(turn) - REACHABLE_MS;

/** The name of the setting in the record, such as Firstword's `endpointing.minDelayMs`. */
function nameOf(turns: readonly EvidenceTurn[]): string {
  const bounds = turns.flatMap(({ settings }) => {
    const bound = settings?.['endpointing.bound'];
    return typeof bound === 'string' ? [bound] : [];
  });
  return bounds[0]?.replace('endpointing.', '') ?? 'minDelay';
}

function delayOf(turns: readonly EvidenceTurn[]): number | undefined {
  const bound = turns[0]?.settings?.['endpointing.bound'];
  const value = typeof bound === 'string' ? turns[0]?.settings?.[bound] : undefined;
  return settingOf(turns, 'minDelay') ?? (typeof value === 'number' ? value : undefined);
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
    const delays = commitDelays(evidence.answered);
    const turns = delays.short.filter(
      (turn) => commitMs(turn) > SLOW_MS && !turn.events.some(({ kind }) => kind === 'detector late'),
    );
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? [after(turn) * 0.5, after(turn), after(turn) + 80] : 0),
      `a commit after ${REACHABLE_MS} ms, the median at which Firstword’s waits cut fewer people off than LiveKit’s defaults did`,
      ['endpointing', 'decision'],
    );
    // Where the long delay runs in many turns, a shorter one changes nothing in those that are waited for.
    if (delays.long.length >= turns.length / 2 && delays.long.length > 0) return [];
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const middle = median(turns.map(commitMs))!;
    const setting = delayOf(turns);
    const isShort = setting !== undefined && setting <= REACHABLE_MS;
    const isDefault = middle <= DEFAULT_MS && (setting === undefined || setting <= DEFAULT_DELAY_MS);
    const which = delays.isReported
      ? `\`${nameOf(turns)}\`${setting === undefined ? '' : ` = ${ms(setting)}`} decides in ${percent(turns.length / evidence.answered.length)} of them`
      : isDefault
        ? 'that is about LiveKit’s default of 500 ms'
        : 'a `minDelay` above LiveKit’s default makes it, or a VAD that waits for more silence';
    return [
      findingOf(this, {
        verdict: `The turn is committed ${ms(middle)} after the caller’s last word in ${turns.length} of ${evidence.answered.length} turns; ${which}.`,
        evidence: [evidenceLine(`end of turn after ${ms(middle)} at the median; ${which}`, turns, commitMs)],
        confidence: confidenceFrom(
          isDefault ? 0.25 : delays.isReported ? 0.9 : 0.75,
          turns.length,
          isDefault
            ? 'a default is no fault, but it can be shorter'
            : delays.isReported
              ? 'the data names the delay that ran out'
              : 'the transcript was there before, so it is a delay',
        ),
        saving,
        fix: {
          livekit: {
            text: isShort
              ? 'The delay is short already: what is on top of it is VAD and the end-of-turn model, which a busy machine makes slow'
              : 'Lower `minDelay` with a turn detector in place; watch the callers that are cut off',
            code: `turnHandling: { turnDetection: new inference.TurnDetector(), endpointing: { minDelay: ${isShort ? 150 : 300} } } // before 1.2: voiceOptions: { minEndpointingDelay }`,
            python: `AgentSession(turn_handling={"turn_detection": inference.TurnDetector(), "endpointing": {"min_delay": ${isShort ? 0.15 : 0.3}}})  # before 1.5: AgentSession(min_endpointing_delay=…)`,
          },
          firstword: {
            text: 'The wait depends on how likely the end of the turn is, judged by audio and words',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { endpointing: true } } })',
          },
        },
        check:
          '`end of turn` in `firstword report` falls, and recordings of your calls show no more callers cut off.',
        experiment: 'Set `minDelay: 0` for one test call: the remaining wait is VAD and transcript.',
      }),
    ];
  },
};
