import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';

/** Firstword's median commit, with fewer callers cut off than LiveKit's defaults: docs/endpointing.md. */
const REACHABLE_MS = 330;
const SLOW_MS = 430;

const before = ({ parts }: EvidenceTurn): number | undefined =>
  parts.endOfTurnMs === undefined ? parts.replyReleasedMs : undefined;

/** Finds time before the reply that an export does not split into transcript, delay and user code. */
export const beforeReply: Rule = {
  id: 'before-reply',
  title: 'Unexplained time before the reply',
  looksFor: 'a reply that is released late, where the caller’s side of the turn is missing',
  needs: 'a chat history’s `created_at` and `e2e_latency`',
  part: 'end of turn',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => (before(turn) ?? 0) > SLOW_MS);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) =>
        members.has(turn)
          ? [(before(turn)! - REACHABLE_MS) * 0.4, before(turn)! - REACHABLE_MS, before(turn)! - REACHABLE_MS]
          : 0,
      `a commit after ${REACHABLE_MS} ms and no code of yours in between`,
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const middle = median(turns.map((turn) => before(turn)!))!;
    const share =
      turns.reduce((sum, turn) => sum + before(turn)!, 0) / turns.reduce((sum, { gapMs }) => sum + gapMs!, 0);
    return [
      findingOf(this, {
        kind: 'unknown',
        verdict: `${ms(middle)} (${percent(share)} of the gap) pass before the reply is released, in neither the LLM nor the TTS.`,
        evidence: [
          evidenceLine(
            '`created_at` − (`started_speaking_at` − `e2e_latency`)',
            turns,
            (turn) => before(turn)!,
          ),
          evidenceLine(
            'it contains the end-of-turn delay (LiveKit’s default is 300 to 500 ms, up to 2,500 to 3,000 where its model is unsure), a late final transcript, and `onUserTurnCompleted`',
            [],
          ),
        ],
        confidence: confidenceFrom(
          0.7,
          turns.length,
          'the time is certainly lost; the caller’s message, which would say to what, is missing',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Use the turn detector and a shorter `minDelay`; do look-ups in a tool instead of in the hook',
            code: 'turnHandling: { turnDetection: new inference.TurnDetector(), endpointing: { minDelay: 300, maxDelay: 1_500 } }',
            python:
              'AgentSession(turn_handling={"turn_detection": inference.TurnDetector(), "endpointing": {"min_delay": 0.3, "max_delay": 1.5}})',
          },
          firstword: {
            text: 'The wait depends on how likely the end of the turn is; look-ups run while the caller speaks',
            code: 'new AgentSession({ stt, llm, tts, firstword: { prepare } })',
          },
        },
        check: 'The caller’s `end_of_turn_delay` is below 400 ms.',
        logNext: {
          text: 'Export the caller’s messages too: their metrics split this time into three parts',
          code: `session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) =>
  console.log(JSON.stringify({ job_id: ctx.job.id, items: [item.toJSON()] })));`,
        },
        experiment:
          'Look at the caller’s metrics of the same turn: `transcription_delay` ≈ `end_of_turn_delay` is the transcript, `on_user_turn_completed_delay` is your code, the rest is the delay.',
      }),
    ];
  },
};
