import { ManualClock } from '@firstword/turn';
import { expect, test } from 'vitest';
import { router } from './router.js';
import { HELLO, readAll } from './testing/read.js';
import { answer, fail, run, type ScriptStep, say, scriptedModel, stop } from './testing/scripted-model.js';
import { down } from './testing/scripted-router.js';

/** A router whose primary fails once, which opens its breaker for 300 ms, and then follows `probe` for one request. */
function recovering(probe: ScriptStep[]) {
  const clock = new ManualClock();
  const scripts = [fail(0, down()), probe];
  const a = scriptedModel({ name: 'a', clock, script: () => scripts.shift() ?? answer(100) });
  const b = scriptedModel({ name: 'b', clock, script: () => answer(150) });
  const models = [a, b];
  const route = router({
    models,
    clock,
    random: () => 0.99,
    breaker: { threshold: 1, openMs: 300, maxOpenMs: 600 },
  });
  const turn = async () => {
    const chat = route.chat(HELLO);
    const reading = readAll(chat).catch(() => []);
    await run(clock, 2_500);
    await reading;
    return chat.trace.provider;
  };
  return { turn, breaker: () => route.stats().models[0]!.breaker };
}

test.each<[string, ScriptStep[]]>([
  ['is empty before the winner answers', stop(50)],
  ['is empty after the winner has answered', stop(400)],
  ['loses with a healthy answer', answer(400)],
  ['answers with a tool call only after the winner', [{ atMs: 400, event: { type: 'toolCallDelta' } }]],
  ['never answers', []],
  ['stalls after a word', [say(50, 'Well')]],
  ['fails again', fail(50, down())],
])('a breaker closes again after a probe that %s', async (_what, probe) => {
  const { turn, breaker } = recovering(probe);
  await turn();
  expect(breaker()).toBe('probe');
  await turn();
  const answeredBy = [await turn(), await turn()];
  expect(breaker()).toBe('allow');
  expect(answeredBy).toContain('a');
});
