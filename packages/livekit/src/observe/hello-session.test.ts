import type { CallRecord } from '@firstword/turn';
import { initializeLogger, voice } from '@livekit/agents';
import { expect, it, onTestFinished } from 'vitest';
import { FirstwordLLM } from '../llm/llm.js';
import { AgentSession } from '../session/agent-session.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, ToneTTS, text } from '../testing/scripted.js';
import { during, stopClock, until } from '../testing/stopped-clock.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import { LocalTTS } from '../tts/local-tts.js';

/** A call of the drop-in, and its records. */
async function open(greeting?: string) {
  stopClock();
  initializeLogger({ pretty: false, level: 'silent' });
  const records: CallRecord[] = [];
  const session = new AgentSession({
    vad: new ScriptedVAD(),
    stt: new ScriptedSTT(),
    llm: new FirstwordLLM(new ScriptedModel([text('Good morning.')])),
    tts: new LocalTTS(new ToneTTS()),
    turnHandling: { turnDetection: 'vad' },
    firstword: { ...(greeting ? { greeting } : {}), records: { onCall: (record) => records.push(record) } },
  });
  session.input.audio = new PushAudioInput();
  const output = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
  session.output.audio = output;
  await during(session.start({ agent: new voice.Agent({ instructions: 'x' }) }));
  const close = async () => {
    await during(session.close());
    output.close();
  };
  onTestFinished(close);
  return { session, records, close };
}

it('says the greeting, and records the time to it', async () => {
  const { records } = await open('Hello, how can I help?');
  await until(() => expect(records).toHaveLength(1));
  const [record] = records;
  expect(record).toMatchObject({ greeting: 'said', tts: { provider: 'tone' } });
  expect(record!.problem).toBeUndefined();
  expect(record!.segments.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeCloseTo(
    record!.helloMs!,
    6,
  );
  expect(record!.segments.map(({ name }) => name)).toContain('TTS first byte');
});

it('knows a greeting that the LLM writes', async () => {
  const { session, records } = await open();
  session.generateReply({ instructions: 'Greet the caller.' });
  await until(() => expect(records).toHaveLength(1));
  expect(records[0]).toMatchObject({ greeting: 'generated', llm: { provider: 'scripted', emulated: true } });
  expect(records[0]!.marks.firstContent).toBeDefined();
});

it('says why there is no time to hello', async () => {
  const { records, close } = await open();
  await close();
  expect(records).toMatchObject([{ problem: 'nothing was said' }]);
  expect(records[0]!.helloMs).toBeUndefined();
});
