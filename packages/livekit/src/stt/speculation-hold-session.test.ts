import { DEFAULT_ENDPOINTING, systemClock } from '@firstword/turn';
import { inference, voice } from '@livekit/agents';
import { expect, it } from 'vitest';
import { delayedTurnDetector } from '../session/end-of-turn.js';
import { openCall, pass, type ScriptedCall, until } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';
import { attachHold } from './attach-hold.js';

const ANSWER_MS = 400;
const MEASURED = [
  { type: 'llm_metrics', ttftMs: ANSWER_MS - 200 },
  { type: 'tts_metrics', ttfbMs: 100 },
] as unknown as voice.MetricsCollectedEvent['metrics'][];

/** A call with an end-of-turn model that believes in no end; its answers take `ANSWER_MS`. */
async function openDoubtfulCall(model: ScriptedModel): Promise<ScriptedCall> {
  const executor = { doInference: async () => ({ probability: 0.2, inferenceDurationMs: 1 }) };
  const inner = new inference.TurnDetector({ version: 'v1-mini', executor });
  const turnDetection = delayedTurnDetector({ endpointing: DEFAULT_ENDPOINTING, detector: inner });
  const call = await openCall(model, {
    dropIn: 'session',
    speculation: { minAcceptance: 0 },
    own: { turnHandling: { turnDetection, interruption: { mode: 'vad' } } },
  });
  for (const metrics of MEASURED)
    call.session.emit(voice.AgentSessionEventTypes.MetricsCollected, {
      type: 'metrics_collected',
      metrics,
      createdAt: Date.now(),
    });
  return call;
}

/** The caller pauses after these words; the STT has them as an interim, and the session asks its end-of-turn model. */
async function pauseAfter(call: ScriptedCall, words: string): Promise<void> {
  call.speak();
  call.silence(96);
  call.interim(words);
  await pass(20);
  call.silence(200);
  await pass(20);
}

it('holds the second speculation of a turn until its answer is needed for the commit', async () => {
  const model = new ScriptedModel([text('One.')], [text('Two.')]);
  const call = await openDoubtfulCall(model);
  await pauseAfter(call, 'My address is twelve');
  await until(() => expect(model.asked).toHaveLength(1));
  await pauseAfter(call, 'My address is twelve Main Street');
  await pass(300);
  expect(model.asked).toHaveLength(1);
  await pass(DEFAULT_ENDPOINTING.maxDelayMs - ANSWER_MS - 300);
  expect(model.asked).toHaveLength(2);
});

it('does not hold words that end a turn by themselves', async () => {
  const model = new ScriptedModel([text('One.')], [text('Two.')]);
  const call = await openDoubtfulCall(model);
  await pauseAfter(call, 'I was wondering');
  await until(() => expect(model.asked).toHaveLength(1));
  call.speak();
  call.silence(96);
  call.interim('I was wondering, when do you open?');
  await pass(40);
  expect(model.asked).toHaveLength(2);
});

it('holds nothing once it is detached', async () => {
  const model = new ScriptedModel([text('One.')], [text('Two.')]);
  const call = await openDoubtfulCall(model);
  const { note, stop } = attachHold(call.session, systemClock);
  for (const metrics of MEASURED) note(metrics);
  stop();
  await pauseAfter(call, 'My address is twelve');
  await until(() => expect(model.asked).toHaveLength(1));
  // LiveKit speculates on a final with other words.
  call.final('My address is twelve Main Street.');
  await pass(20);
  expect(model.asked).toHaveLength(2);
});

it('starts no speculation in a pause that was over before its answer was needed', async () => {
  const model = new ScriptedModel([text('One.')], [text('Two.')]);
  const call = await openDoubtfulCall(model);
  await pauseAfter(call, 'My address is twelve');
  await until(() => expect(model.asked).toHaveLength(1));
  await pauseAfter(call, 'My address is twelve Main Street');
  await pass(200);
  call.speak();
  await pass(2000);
  expect(model.asked).toHaveLength(1);
});
