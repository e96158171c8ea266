import { confidenceFrom, evidenceLine, isNoticeable, ms } from '../figures.js';
import type { Rule } from '../rule.js';
import { breakSaving, isToolBreak } from './broken-prefix.js';
import { findingOf } from './finding-of.js';

/** Finds tool definitions that change between requests and so break the cached prefix. */
export const toolOrder: Rule = {
  id: 'tool-order',
  title: 'The list of tools changes between requests',
  looksFor:
    'tools that are reordered, added or rewritten: they come before everything else in the cached prompt',
  needs: 'Firstword’s records',
  part: 'LLM',
  examine(evidence) {
    const turns = evidence.answered.filter(({ llm }) => llm?.prefixBreak && isToolBreak(llm.prefixBreak));
    const saving = breakSaving(
      evidence,
      turns,
      'the same tools in the same order, so that the prompt stays cached',
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const verdict = `The tools were not the same as in the request before in ${turns.length} turns: nothing of those prompts was cached, at ${ms(saving.meanMs)} a turn.`;
    return [
      findingOf(this, {
        verdict,
        evidence: [evidenceLine(`tools ${turns[0]!.llm!.prefixBreak!.what}`, turns)],
        confidence: confidenceFrom(0.93, turns.length, 'each request was compared with the one before it'),
        saving,
        fix: {
          livekit: {
            text: 'Build the tools once, in a fixed order, without dates or names in their descriptions',
            code: 'const tools = Object.fromEntries(Object.entries(all).sort()); // once, not per turn',
          },
          firstword: {
            text: 'It sends tools sorted by name; keep their descriptions constant',
            code: 'new FirstwordLLM(model)',
          },
        },
        check: '`llm.prefixBreak.at` is no longer `tools`.',
      }),
    ];
  },
};
