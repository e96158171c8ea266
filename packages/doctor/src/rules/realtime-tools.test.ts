import { expect, it } from 'vitest';
import { evidence, REALTIME_MARKS, realtimeTurn } from '../testing/evidence.js';
import { realtimeTools } from './realtime-tools.js';
import { toolTurns } from './tool-turns.js';

/** A call at 2,100 ms, 1,000 ms of the tool, and 600 ms until the second response’s audio. */
const withTool = realtimeTurn({
  toolCalls: 1,
  marks: {
    ...REALTIME_MARKS,
    firstContent: 2100,
    toolsReturned: 3100,
    responseAudio: 3700,
    framePublished: 3710,
    firstAudible: 3730,
  },
});

it('finds it, with the time of the tool and of the second response', () => {
  const all = evidence(10, (at) => (at % 2 === 0 ? withTool : realtimeTurn()));
  const [found] = realtimeTools.examine(all);
  expect(found!.verdict).toContain('1,600 ms more in 5 of 10 turns (50 %): 1,000 ms for the tool');
  expect(found!.saving!.meanMs).toBeGreaterThan(600);
  expect(found!.saving!.meanMs).toBeLessThan(800);
  expect(toolTurns.examine(all)).toEqual([]);
});

it('finds nothing without tools', () => {
  expect(realtimeTools.examine(evidence(10, () => realtimeTurn()))).toEqual([]);
});
