import type { SegmentName } from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

const MIN_LEAD_MS = 30;

/** The answer's text was ready, and the TTS had not started. */
const isHeld = (turn: EvidenceTurn): boolean =>
  (turn.parts.leadMs ?? 0) > MIN_LEAD_MS &&
  turn.levers?.preemptiveTts !== true &&
  turn.speculation?.kept !== 0;

const saved = (turn: EvidenceTurn): number =>
  Math.min(turn.parts.leadMs ?? 0, waitedMs(turn, 'held', 'clause', 'voice', 'silence'));

/** Finds speculative answers whose TTS still waits for the commit. */
export const preemptiveTtsOff: Rule = {
  id: 'preemptive-tts-off',
  title: 'The TTS waits for the commit',
  looksFor: 'answers that were generated before the turn was committed, and synthesized only after',
  needs: 'Firstword’s records',
  part: 'TTS',
  examine(evidence) {
    const turns = evidence.answered.filter(isHeld);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? [saved(turn) * 0.8, saved(turn), saved(turn)] : 0),
      'the TTS starts with the first clause, and its audio is ready at the commit',
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const lead = median(turns.map(({ parts }) => parts.leadMs!))!;
    return [
      findingOf(this, {
        verdict: `In ${turns.length} turns the text was ready ${ms(lead)} before the commit, and the TTS started only then.`,
        evidence: [
          evidenceLine(
            `first content ${ms(lead)} before the commit; then the turn waited for the TTS and its leading silence`,
            turns,
            saved,
          ),
        ],
        confidence: confidenceFrom(
          0.88,
          turns.length,
          turns.some(({ levers }) => levers?.preemptiveTts === false)
            ? 'the record says that it is off'
            : 'the voice never began before a commit',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Start the TTS with the speculation; discarded text is billed by the character',
            code: 'new voice.AgentSession({ turnHandling: { preemptiveGeneration: { enabled: true, preemptiveTts: true } } })',
            python:
              'AgentSession(turn_handling={"preemptive_generation": {"enabled": True, "preemptive_tts": True}})',
          },
          firstword: {
            text: 'Turn the lever on',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { preemptiveTts: true } } })',
          },
        },
        check: `The \`${'TTS held for the commit' satisfies SegmentName}\` segment is gone.`,
      }),
    ];
  },
};
