import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOnSilences } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';

const MIN_TURNS = 2;

interface Sequence {
  names: string;
  /** What the sequence takes longer than its longest tool, with the requests to the LLM in between, ms. */
  extraMs: number;
}

/** Tools of one turn that were run one after the other; `undefined` if some ran at the same time, or it is the same tool. */
function sequenceOf({ tools = [] }: EvidenceTurn): Sequence | undefined {
  const ended = tools.flatMap(({ name, startedMs, endedMs }) =>
    endedMs === undefined ? [] : [{ name, startedMs, endedMs }],
  );
  const names = [...new Set(ended.map(({ name }) => name))];
  if (ended.length < 2 || ended.length !== tools.length || names.length !== ended.length) return undefined;
  const isOneByOne = ended.every(({ startedMs }, at) => at === 0 || startedMs >= ended[at - 1]!.endedMs);
  if (!isOneByOne) return undefined;
  const wholeMs = ended.at(-1)!.endedMs - ended[0]!.startedMs;
  const longestMs = Math.max(...ended.map(({ startedMs, endedMs }) => endedMs - startedMs));
  return { names: names.join(', then '), extraMs: wholeMs - longestMs };
}

/** Finds tools that are always called one after the other in one turn. */
export const toolsInSequence: Rule = {
  id: 'tools-in-sequence',
  title: 'Tools run one after the other',
  looksFor: 'several tools in one turn that are called one by one, each after another request to the LLM',
  needs: 'Firstword’s records, with the tools',
  part: 'tools',
  examine({ turns }) {
    const known = turns.filter(({ toolSilence: found }) => found !== undefined);
    const found = new Map(known.map((turn) => [turn, sequenceOf(turn)]));
    const members = known.filter((turn) => found.get(turn) !== undefined);
    if (members.length < MIN_TURNS) return [];
    const extraMs = (turn: EvidenceTurn) => found.get(turn)?.extraMs ?? 0;
    const saving = savingOnSilences(
      known.map((turn) => ({ ms: turn.toolSilence!.longestMs, savedMs: extraMs(turn) })),
      'no tool needs the result of the one before it, and all are called at once',
    );
    if (!isNoticeable(saving)) return [];
    const middle = ms(median(members.map(extraMs))!);
    return [
      findingOf(this, {
        verdict: `In ${members.length} of ${known.length} turns with tools they run one after the other (${found.get(members[0]!)!.names}), which takes ${middle} longer than at once.`,
        evidence: [evidenceLine(`longer than the longest tool, median ${middle}`, members, extraMs)],
        confidence: confidenceFrom(
          0.5,
          members.length,
          'whether one needs the other’s result is not in the records',
        ),
        saving,
        savingOf: 'tool',
        fix: {
          livekit: {
            text: 'Allow parallel tool calls and say in the instructions that independent lookups are made together, or make one tool of them',
            code: 'new openai.LLM({ model, parallelToolCalls: true })',
            python: 'openai.LLM(model=model, parallel_tool_calls=True)',
          },
          firstword: {
            text: 'As with LiveKit; the instructions decide what the model calls together',
          },
        },
        check: 'In such turns the tools’ spans in the records overlap.',
        experiment: 'Call both tools at once by hand: if the second still works, they are independent.',
      }),
    ];
  },
};
