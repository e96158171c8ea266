import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, percent, savingOn, valuesOf } from '../figures.js';
import type { Rule } from '../rule.js';
import { hasLedger, waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

/** With a phrase before the tool, this much of the wait remains: the time to its first sound. */
const BRIDGED_MS = 700;
const MIN_OTHERS = 2;

const usesTool = ({ toolCalls }: EvidenceTurn): boolean => toolCalls > 0;
/** The times of a realtime model's tools belong to the rule `realtime-tools`. */
const isOfCascade = (turn: EvidenceTurn): boolean => !turn.isRealtime || !hasLedger(turn);

/** Finds turns in which tools and the second LLM request take long. */
export const toolTurns: Rule = {
  id: 'tool-turns',
  title: 'Turns with tools are slow',
  looksFor: 'answers that wait for a tool and then for a second answer of the LLM',
  needs: 'turns with tool calls, and some without',
  part: 'tools',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => usesTool(turn) && isOfCascade(turn));
    const others = evidence.answered.filter((turn) => !usesTool(turn) && isOfCascade(turn));
    if (turns.length === 0) return [];
    const usual = median(valuesOf(others, ({ gapMs }) => gapMs));
    const extra = (turn: EvidenceTurn): number => {
      if (hasLedger(turn)) return waitedMs(turn, 'tools', 'afterTools');
      const isComparable = others.every(({ measure }) => measure === turn.measure);
      return isComparable && others.length >= MIN_OTHERS && usual !== undefined ? turn.gapMs! - usual : 0;
    };
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        if (!members.has(turn)) return 0;
        const most = Math.min(extra(turn), turn.gapMs! - Math.min(usual ?? BRIDGED_MS, BRIDGED_MS));
        return [most * 0.3, most * 0.8, most];
      },
      'a filler phrase is said before the tool is called, as soon as an answer without a tool would be',
      ['tools', 'afterTools'],
    );
    if (!isNoticeable(saving)) return [];
    const middle = median(turns.map(extra))!;
    return [
      findingOf(this, {
        verdict: `Turns with tools (${percent(turns.length / evidence.answered.length)}) wait ${ms(middle)} longer: for the tool, and for the LLM a second time.`,
        evidence: [evidenceLine(`tool and second answer, median ${ms(middle)}`, turns, extra)],
        confidence: confidenceFrom(
          turns.some(hasLedger) ? 0.92 : 0.65,
          turns.length,
          turns.some(hasLedger) ? 'both were timed' : 'from the difference to turns without tools',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Have the model say something before it calls a tool, run independent tools in parallel, and prefetch their inputs',
            code: "execute: async (args, { ctx }) => { ctx.session.say('Let me see.'); return lookUp(args); }",
            python:
              '@function_tool\nasync def look_up(self, context: RunContext, words: str):\n    context.session.say("Let me see.")\n    return await find(words)',
          },
          firstword: {
            text: 'A filler phrase is said when an answer is going to be late',
            code: "new AgentSession({ stt, llm, tts, firstword: { filler: { phrases: ['One moment.'], overMs: 700 } } })",
          },
        },
        check: 'The tool turns in `firstword report` are about as fast as the others.',
        experiment: 'Log the tool’s own time: the rest is the LLM’s second answer.',
      }),
    ];
  },
};
