import type { ChatRequest } from '@firstword/llm';
import { sameWords } from '@firstword/turn';
import { stt, voice } from '@livekit/agents';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openCall, pass, settled, until } from '../testing/call-rig.js';
import { closesClean, plain } from '../testing/held-turn.js';
import { type AnswerStep, ScriptedModel, text } from '../testing/scripted.js';
import { SAYINGS } from '../testing/transcript-rig.js';

const { SpeechEventType: Type } = stt;

/** Echoes the request. */
class EchoModel extends ScriptedModel {
  protected override answerTo({ messages }: ChatRequest): AnswerStep[] {
    return [text(`You answer: ${messages.findLast(({ role }) => role === 'user')?.content}`)];
  }

  letAll(): void {}
}

const words = fc.constantFrom(...SAYINGS);
const event = fc.oneof(
  fc.record({
    act: fc.constantFrom('interim', 'final', 'preflight'),
    words,
    confidence: fc.constantFrom(0, 0.5, 0.9, 1, Number.NaN),
    startTime: fc.integer({ min: -2, max: 9 }),
    endTime: fc.integer({ min: -2, max: 9 }),
  }),
  fc.record({ act: fc.constantFrom('speak', 'stop', 'begins', 'ends') }),
  fc.record({ act: fc.constant('silence'), ms: fc.integer({ min: 32, max: 900 }) }),
  fc.record({ act: fc.constant('pass'), ms: fc.integer({ min: 5, max: 700 }) }),
  fc.record({ act: fc.constant('hand-off') }),
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

async function play(call: Awaited<ReturnType<typeof openCall>>, step: Event): Promise<void> {
  if ('words' in step) {
    const { act, words, ...data } = step;
    const kinds = { interim: Type.INTERIM_TRANSCRIPT, final: Type.FINAL_TRANSCRIPT };
    call.hear({ ...kinds, preflight: Type.PREFLIGHT_TRANSCRIPT }[act], words, data);
  } else if ('ms' in step) {
    if (step.act === 'pass') return pass(step.ms);
    call.silence(step.ms);
  } else if (step.act === 'speak') call.speak();
  else if (step.act === 'stop') call.stop();
  else if (step.act === 'begins') call.hear(Type.START_OF_SPEECH, '');
  else if (step.act === 'ends') call.hear(Type.END_OF_SPEECH, '');
  else call.session.updateAgent(new voice.Agent({ instructions: 'y' }));
  await settled();
}

/** Checks that the next turn is answered once; it also includes words that no earlier turn claimed. */
async function answersNext(call: Awaited<ReturnType<typeof openCall>>): Promise<void> {
  const before = call.said('assistant').length;
  call.speak();
  call.hear(Type.START_OF_SPEECH, '');
  call.interim('are you there');
  call.final('Are you there?');
  call.stop();
  const answers = () => call.said('assistant').slice(before).map(plain);
  await until(() => expect(answers()).toEqual([expect.stringMatching(/are you there$/)]));
  await until(() => expect(call.session.agentState).toBe('listening'));
  expect(answers()).toHaveLength(1);
}

it('speaks nothing stale, duplicated or unprompted, and answers the next turn, for any order of STT events', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { maxLength: 14 }),
      fc.constantFrom(undefined, 200),
      async (events, finalSilenceMs) => {
        const model = new EchoModel();
        const call = await openCall(model, {
          speculation: { minAcceptance: 0 },
          ...(finalSilenceMs === undefined ? {} : { finalSilenceMs }),
        });
        for (const step of events) {
          await play(call, step);
          if (call.said('user').length === 0) expect(call.played()).toBe(0);
        }
        call.stop();
        await pass(3_000);
        await until(() => expect(call.session.agentState).toBe('listening'));
        const asked = call.said('user');
        const answers = call.said('assistant');
        expect(answers.length).toBeLessThanOrEqual(asked.length);
        for (const answer of answers) {
          const about = answer?.replace('You answer: ', '') ?? '';
          expect(asked.some((w) => sameWords(w ?? '', about) || (w ?? '').startsWith(about))).toBe(true);
        }
        await answersNext(call);
        await closesClean({ call, model: model as never });
      },
    ),
    { numRuns: 40, endOnFailure: true },
  );
}, 120_000);
