import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOnSilences } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';

/** After about this much silence, callers ask whether somebody is still there, ms. */
const LONG_MS = 1_200;
/** What remains with a phrase that is said in time, ms. */
const WITH_PHRASE_MS = 900;

const silenceMs = ({ toolSilence }: EvidenceTurn): number => toolSilence?.afterAgentMs ?? 0;

/** Finds long silences after the words before a tool. Silences before the agent's first sound are part of the felt gap. */
export const toolSilence: Rule = {
  id: 'tool-silence',
  title: 'A tool runs long in silence after the agent’s words',
  looksFor: 'turns in which the agent says something, and then a tool runs for long without a sound',
  needs: 'Firstword’s records, with the tools and the agent’s speech',
  part: 'tools',
  examine({ turns }) {
    const known = turns.filter(({ toolSilence: found }) => found !== undefined);
    const long = known.filter((turn) => silenceMs(turn) > LONG_MS);
    const saving = savingOnSilences(
      known.map((turn) => ({
        ms: turn.toolSilence!.longestMs,
        savedMs: silenceMs(turn) > LONG_MS ? silenceMs(turn) - WITH_PHRASE_MS : 0,
      })),
      `a phrase is said while the tool runs, so that no silence is longer than ${WITH_PHRASE_MS} ms`,
    );
    if (!isNoticeable(saving)) return [];
    const middle = ms(median(long.map(silenceMs))!);
    const names = [...new Set(long.flatMap(({ tools = [] }) => tools.map(({ name }) => name)))];
    return [
      findingOf(this, {
        verdict: `In ${long.length} of ${known.length} turns with tools the agent speaks and is then silent for ${middle} while ${names.slice(0, 3).join(', ')} runs.`,
        evidence: [evidenceLine(`silence after the agent’s words, median ${middle}`, long, silenceMs)],
        confidence: confidenceFrom(0.95, long.length, 'tools and speech were timed'),
        saving,
        savingOf: 'tool',
        fix: {
          livekit: {
            text: 'Say something from the tool once it has taken long, and cancel that when it returns',
            code: "llm.tool({\n  name: 'look_up',\n  description: 'Looks something up',\n  execute: async (args, { ctx }) => {\n    const late = setTimeout(() => ctx.session.say('One moment.', { addToChatCtx: false }), 800);\n    try { return await lookUp(args); } finally { clearTimeout(late); }\n  },\n});",
            python:
              'late = asyncio.get_running_loop().call_later(0.8, lambda: context.session.say("One moment.", add_to_chat_ctx=False))\ntry:\n    return await look_up(args)\nfinally:\n    late.cancel()',
          },
          firstword: {
            text: 'With `filler`, phrases are said over slow tools, by each tool’s usual time, and never over fast ones. Give several phrases: none is said twice in a turn',
            code: "new AgentSession({ stt, llm, tts, firstword: { filler: { phrases: ['One moment.', 'I am still looking.'], overMs: 700 } } })",
          },
        },
        check: '`firstword report --budget tool.p95=1200` exits with 0.',
        experiment:
          'Log when the tool starts and returns: what is left is the LLM’s second answer and its audio.',
      }),
    ];
  },
};
