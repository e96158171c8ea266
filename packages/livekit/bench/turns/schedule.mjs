/** What happens in each turn of each call. A pure function of the two numbers, so that the server knows it too. */
import { FAULTS } from './faults.mjs';

/** What the caller and the STT do in a turn. `tools`: the tools that the model calls. */
export const KINDS = {
  same: {},
  spelling: {},
  changed: {},
  'no interim': {},
  'final twice': {},
  'early final': {},
  'late other': {},
  'barge-in': {},
  'hand-off': {},
  tool: { tools: ['look'] },
  'tool, changed': { tools: ['look'] },
  'parallel tools': { tools: ['look', 'reserve'] },
};

const KIND_NAMES = Object.keys(KINDS);
const FAULT_NAMES = Object.keys(FAULTS);
/** Every so many turns the primary is down for some turns in a row, so that its breaker opens and must close again. */
const DOWN = { every: 40, turns: 5 };

/** @returns {{ kind: string, fault: string, tools: string[] }} */
export function turnOf(call, turn) {
  const kind = KIND_NAMES[(turn + call) % KIND_NAMES.length];
  const tools = KINDS[kind].tools ?? [];
  if ((turn + call) % DOWN.every < DOWN.turns) return { kind, fault: 'http 500', tools };
  const fits = FAULT_NAMES.filter((name) => {
    const { only, single, expect } = FAULTS[name];
    if (only && only !== (tools.length > 0 ? 'tool' : 'text')) return false;
    if (single && tools.length > 1) return false;
    // A caller who interrupts waits for the answer's first sound.
    return kind !== 'barge-in' || expect !== 'failure';
  });
  return {
    kind,
    fault: fits[(turn * 7 + call * 3 + Math.floor(turn / KIND_NAMES.length)) % fits.length],
    tools,
  };
}
