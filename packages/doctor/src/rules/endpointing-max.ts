import { median } from '@firstword/turn/statistics';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { isAdditive } from './additive-endpointing.js';
import { commitDelays, commitMs, settingOf } from './commit-delays.js';
import { findingOf } from './finding-of.js';

/** What a lower `maxDelay` is set to: few pauses within a turn are longer (docs/endpointing.md). */
const LOWER_MAX_MS = 1_200;

/** Finds turns that end only when the long endpointing delay has run out. */
export const endpointingMax: Rule = {
  id: 'endpointing-max',
  title: 'The long endpointing delay runs out',
  looksFor:
    'commits at the maximum endpointing delay, which runs where the turn detector takes the turn for unfinished',
  needs:
    'an end-of-turn delay: Firstword’s records, logs, traces, or the caller’s messages of a chat history',
  part: 'end of turn',
  examine(evidence) {
    if (isAdditive(evidence.answered)) return [];
    const { short, long, isReported } = commitDelays(evidence.answered);
    const members = new Set(long);
    const usual = median(short.map(commitMs));
    const saving = savingOn(
      evidence,
      (turn) => {
        if (!members.has(turn)) return 0;
        const least = commitMs(turn) - LOWER_MAX_MS;
        return [least * 0.7, least, Math.max(least, commitMs(turn) - (usual ?? LOWER_MAX_MS))];
      },
      `a \`maxDelay\` of ${ms(LOWER_MAX_MS)}`,
      ['endpointing', 'decision'],
    );
    if (long.length === 0 || !isNoticeable(saving)) return [];
    const waited = median(long.map(commitMs))!;
    const setting = settingOf(long, 'maxDelay');
    const which = setting === undefined ? '`maxDelay`' : `\`maxDelay\` = ${ms(setting)}`;
    const verdict =
      usual === undefined
        ? `In all ${long.length} turns the turn is committed ${ms(waited)} after the caller’s last word: ${which} runs out each time, so the turn detector never takes a turn for finished.`
        : `The end of the turn has two modes: ${ms(usual)} in ${short.length} turns, and ${ms(waited)} in ${long.length}, where the turn detector was not sure and ${which} ran out.`;
    return [
      findingOf(this, {
        verdict,
        evidence: [
          evidenceLine(`committed after ${ms(waited)} at the median`, long, commitMs),
          ...(usual === undefined ? [] : [evidenceLine(`the others after ${ms(usual)}`, short)]),
        ],
        confidence: confidenceFrom(
          isReported ? 0.93 : 0.82,
          long.length,
          isReported
            ? 'the data says which delay ran'
            : 'LiveKit’s default is 2,500 or 3,000 ms, and nothing else makes a constant delay of this length',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Lower `maxDelay` and watch the callers that are cut off; then look why the detector is not sure: a language that it does not know, transcripts without punctuation, its fallback to the small model',
            code: 'turnHandling: { turnDetection: new inference.TurnDetector(), endpointing: { maxDelay: 1_200 } } // before 1.2: voiceOptions: { maxEndpointingDelay }',
            python:
              'AgentSession(turn_handling={"turn_detection": inference.TurnDetector(), "endpointing": {"max_delay": 1.2}})  # before 1.5: AgentSession(max_endpointing_delay=…)',
          },
          firstword: {
            text: 'The wait grows with the doubt instead of jumping to the maximum',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { endpointing: true } } })',
          },
        },
        check: 'The 95th percentile of the end-of-turn delay is below 1,300 ms.',
        experiment:
          'Look at `lk.eou.probability` and `lk.eou.unlikely_threshold` in a trace of one such turn: below the threshold, the detector was not sure.',
      }),
    ];
  },
};
