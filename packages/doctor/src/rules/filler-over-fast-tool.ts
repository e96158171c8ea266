import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOnSilences } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';

/** A tool that takes less than this needs no filler, ms. */
const FAST_MS = 800;

/** How much longer the caller waits for the answer because a filler is still said when the tool has returned, ms. */
function delayedMs({ tools = [], speech = [], afterTools = [] }: EvidenceTurn): number {
  const isFast = tools.every(
    ({ startedMs, endedMs }) => endedMs !== undefined && endedMs - startedMs < FAST_MS,
  );
  const filler = speech.findLast(({ isFiller }) => isFiller);
  const readyMs = afterTools.at(-1)?.firstContentMs;
  if (tools.length === 0 || !isFast || !filler || readyMs === undefined) return 0;
  const isOverTool = tools.some(
    ({ startedMs, endedMs }) => filler.toMs > startedMs && filler.fromMs < endedMs!,
  );
  return isOverTool ? Math.max(0, filler.toMs - readyMs) : 0;
}

/** Finds fillers that are said over tools which return at once, and delay the answer. */
export const fillerOverFastTool: Rule = {
  id: 'filler-over-fast-tool',
  title: 'A filler delays the answer of a fast tool',
  looksFor: 'fillers that are still being said when a fast tool has returned and the answer is ready',
  needs: 'Firstword’s records, with the tools and the agent’s speech',
  part: 'tools',
  examine({ turns }) {
    const known = turns.filter(({ tools, speech }) => tools !== undefined && speech !== undefined);
    const members = known.filter((turn) => delayedMs(turn) > 0);
    const saving = savingOnSilences(
      known.flatMap((turn) => {
        const savedMs = delayedMs(turn);
        const waitMs = turn.toolSilence?.longestMs ?? 0;
        return [{ ms: Math.max(waitMs, savedMs), savedMs }];
      }),
      'no filler is said over a tool that takes less than 0.8 s',
    );
    if (!isNoticeable(saving)) return [];
    const middle = ms(median(members.map(delayedMs))!);
    return [
      findingOf(this, {
        verdict: `In ${members.length} of ${known.length} turns with tools a filler is said over a tool that takes less than 0.8 s, and the answer waits ${middle} for it.`,
        evidence: [evidenceLine(`answer delayed by the filler, median ${middle}`, members, delayedMs)],
        confidence: confidenceFrom(0.9, members.length, 'tools and speech were timed'),
        saving,
        savingOf: 'tool',
        fix: {
          livekit: {
            text: 'Say the phrase only when the tool has taken 0.8 s, instead of at its start',
            code: "const late = setTimeout(() => ctx.session.say('One moment.', { addToChatCtx: false }), 800);",
            python:
              'late = asyncio.get_running_loop().call_later(0.8, lambda: context.session.say("One moment.", add_to_chat_ctx=False))',
          },
          firstword: {
            text: 'Leave it to `filler`, which waits for 0.8 s unless the tool has always been slow, and take the phrase out of the tool and the instructions',
            code: "new AgentSession({ stt, llm, tts, firstword: { filler: { phrases: ['One moment.'], overMs: 700 } } })",
          },
        },
        check: 'No filler is in the `speech` of turns whose tools take less than 0.8 s.',
      }),
    ];
  },
};
