import type { ChatEvent } from '@firstword/llm';
import { FirstwordError, systemClock, type TurnRecord } from '@firstword/turn';
import { initializeLogger, stt, type tts, VADEventType, voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FirstwordLLM } from '../llm/llm.js';
import { cascade } from '../session/preset.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, ToneTTS } from '../testing/scripted.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import type { PlayoutEvents } from '../transport/playout.js';
import { ClauseTTS } from '../tts/clause-tts.js';
import { LocalTTS } from '../tts/local-tts.js';
import { SessionObserver } from './observer.js';

const text = (words: string): ChatEvent => ({ type: 'text', text: words });
const closers: (() => Promise<void>)[] = [];

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An output that can be made to report an answer that belongs to another turn. */
class StrayOutput extends PacedAudioOutput {
  listener: Partial<PlayoutEvents> | undefined;

  override watch(listener: Partial<PlayoutEvents>): () => void {
    this.listener = listener;
    return super.watch(listener);
  }
}

/** As LiveKit's transcript synchronizer: passes the audio on. */
class Passing extends voice.AudioOutput {
  readonly next: voice.AudioOutput;

  constructor(next: voice.AudioOutput) {
    super(next.sampleRate, next, { pause: true });
    this.next = next;
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    await this.next.captureFrame(frame);
  }

  override flush(): void {
    super.flush();
    this.next.flush();
  }

  override clearBuffer(): void {
    this.next.clearBuffer();
  }
}

/** A real AgentSession whose STT and VAD events the test sends. */
async function rig(
  model: ScriptedModel,
  tts: tts.TTS = new LocalTTS(new ToneTTS()),
  before?: (output: voice.AudioOutput) => voice.AudioOutput,
) {
  const vad = new ScriptedVAD();
  const eagerStt = new ScriptedSTT();
  const options = cascade({
    vad,
    stt: eagerStt,
    llm: new FirstwordLLM(model),
    tts,
  });
  const session = new voice.AgentSession({
    ...options,
    turnHandling: {
      ...options.turnHandling,
      turnDetection: 'vad',
      endpointing: { minDelay: 50, maxDelay: 100 },
    },
  });
  const input = new PushAudioInput();
  session.input.audio = input;
  session.output.audio = new StrayOutput({ sink: { play: () => {}, clear: () => {} } });
  const records: { record: TurnRecord; final: boolean }[] = [];
  const waiting: ((record: TurnRecord) => void)[] = [];
  const observer = new SessionObserver({
    session,
    callId: 'call',
    onTurn: (record, final) => {
      records.push({ record, final });
      if (final) waiting.shift()?.(record);
    },
  });
  session.on(voice.AgentSessionEventTypes.Error, () => {});
  if (before) session.output.audio = before(session.output.audio);
  await session.start({ agent: new voice.Agent({ instructions: 'x' }) });
  closers.push(async () => {
    await session.close();
    observer.close();
  });
  const say = (words: string) => {
    vad.say(VADEventType.START_OF_SPEECH, { speechDuration: 50 });
    vad.say(VADEventType.INFERENCE_DONE, { rawAccumulatedSpeech: 100, speechDuration: 600 });
    eagerStt.hear(stt.SpeechEventType.INTERIM_TRANSCRIPT, words);
    eagerStt.hear(stt.SpeechEventType.FINAL_TRANSCRIPT, words);
    vad.say(VADEventType.END_OF_SPEECH, { silenceDuration: 50, speaking: false });
  };
  const finalRecord = () => new Promise<TurnRecord>((resolve) => waiting.push(resolve));
  return { say, finalRecord, records, observer, session };
}

describe('SessionObserver', () => {
  it('records an answered turn once, with a ledger that sums to its gap', async () => {
    const { say, finalRecord, records } = await rig(
      new ScriptedModel([text('Certainly, right away. Anything else?')]),
    );
    const done = finalRecord();
    say('book a table');
    const record = await done;
    expect(record.segments.reduce((sum, s) => sum + s.durationMs, 0)).toBeCloseTo(record.feltGapMs!, 6);
    expect(record.llm).toMatchObject({ provider: 'scripted', emulated: true });
    expect(records.filter((r) => r.final)).toHaveLength(1);
    expect(records[0]?.final).toBe(false);
  });

  it('reports the silence at the start of the TTS audio as leading silence', async () => {
    const { say, finalRecord } = await rig(
      new ScriptedModel([text('Certainly, right away. Anything else?')]),
    );
    const done = finalRecord();
    say('book a table');
    const silence = (await done).segments.find((s) => s.name === 'leading silence');
    // It can be longer: a busy machine may send a chunk late.
    expect(silence?.durationMs).toBeGreaterThanOrEqual(200);
  });

  it('has exact marks although LiveKit puts another output before the traced one', async () => {
    const model = new ScriptedModel([text('Certainly, right away. Anything else?')]);
    const { say, finalRecord } = await rig(model, undefined, (output) => new Passing(output));
    const done = finalRecord();
    say('book a table');
    expect((await done).marks.firstAudible).toBeDefined();
  });

  it('has exact marks for a TTS that trims its silence', async () => {
    const { say, finalRecord } = await rig(
      new ScriptedModel([text('Certainly, right away. Anything else?')]),
      new ClauseTTS(new LocalTTS(new ToneTTS())),
    );
    const done = finalRecord();
    say('book a table');
    const { segments, marks } = await done;
    expect(segments.find((s) => s.name === 'leading silence')?.durationMs).toBe(10);
    expect(marks.ttsRequested).toBeDefined();
  });

  it('records a turn without an answer, and the reason why it has no gap', async () => {
    const failure = new FirstwordError('provider_unavailable', 'The provider is down. Try another.');
    const { say, finalRecord } = await rig(new ScriptedModel([failure]));
    const done = finalRecord();
    say('book a table');
    const record = await done;
    expect(record.feltGapMs).toBeUndefined();
    expect(record).toMatchObject({
      outcome: 'failed',
      failure: { part: 'llm', code: 'provider_unavailable' },
      problem: 'the turn failed: LLM: the provider is unavailable',
    });
  });

  it('does not count an apology as the answer', async () => {
    const failure = new FirstwordError('provider_unavailable', 'The provider is down. Try another.');
    const { say, finalRecord, records, session } = await rig(new ScriptedModel([failure]));
    session.on(voice.AgentSessionEventTypes.MetricsCollected, ({ metrics }) => {
      if (metrics.type !== 'eou_metrics') return;
      const handle = handles.get(metrics.speechId ?? '');
      handle?.addDoneCallback(() => session.say('Sorry, say that again.'));
    });
    const handles = new Map<string, voice.SpeechHandle>();
    session.on(voice.AgentSessionEventTypes.SpeechCreated, ({ speechHandle }) =>
      handles.set(speechHandle.id, speechHandle),
    );
    const done = finalRecord();
    say('book a table');
    const record = await done;
    expect(record).toMatchObject({
      outcome: 'apology',
      failure: { part: 'llm', code: 'provider_unavailable' },
    });
    expect(record.feltGapMs).toBeUndefined();
    expect(record.marks.firstAudible).toBeDefined();
    expect(records.map((r) => r.record.feltGapMs)).toEqual([undefined, undefined]);
  });

  it('ends the ledger when the caller heard the answer, if that time is reported', async () => {
    const { say, finalRecord, records, observer, session } = await rig(
      new ScriptedModel([text('Certainly, right away. Anything else?')]),
    );
    const done = finalRecord();
    const output = session.output.audio as PacedAudioOutput;
    output.watch({ onAudible: (answer, atMs) => observer.callerHeard(answer, atMs + 35) });
    say('book a table');
    const record = await done;
    expect(record.segments.at(-1)).toMatchObject({
      name: 'transport',
      durationMs: 35,
      owner: { kind: 'network' },
    });
    expect(records.length).toBeGreaterThanOrEqual(3);
  });

  it('does not count the greeting as an answer', async () => {
    const { session, records, say, finalRecord } = await rig(
      new ScriptedModel([text('Certainly, right away.')]),
    );
    await session.say('Hello there, how can I help?').waitForPlayout();
    expect(records).toHaveLength(0);
    const done = finalRecord();
    say('book a table');
    expect((await done).turn).toBe(1);
  });

  it('records two turns separately', async () => {
    const { say, finalRecord } = await rig(
      new ScriptedModel([text('Certainly, right away. Yes.')], [text('It is seven euros. Yes.')]),
    );
    const first = finalRecord();
    say('book a table');
    const one = await first;
    const second = finalRecord();
    say('what does it cost');
    const two = await second;
    expect([one.turn, two.turn]).toEqual([1, 2]);
    expect(two.marks.llmRequested!).toBeGreaterThan(one.marks.firstAudible!);
    expect(two.llm?.requests).toBe(1);
  });

  it('waits for the turn’s own answer after the rest of an earlier one was published and cut off unheard', async () => {
    const { say, finalRecord, session, records } = await rig(
      new ScriptedModel([text('Certainly, right away. Anything else?')]),
    );
    const { listener } = session.output.audio as StrayOutput;
    session.on(voice.AgentSessionEventTypes.MetricsCollected, ({ metrics }) => {
      if (metrics.type !== 'eou_metrics') return;
      listener?.onPublished?.(99, systemClock.nowMs());
      listener?.onFinished?.(99, 0, true);
    });
    const done = finalRecord();
    say('book a table');
    const record = await done;
    expect(record.interrupted).toBe(false);
    expect(record.feltGapMs).toBeGreaterThan(0);
    expect(records.filter((r) => r.final)).toHaveLength(1);
  });

  it('marks an answer that the caller interrupted, and the turn that interrupted it', async () => {
    const long =
      'We open at noon every day of the week. We close at ten. Except on Fridays, when we close at eleven.';
    const { say, finalRecord, session } = await rig(
      new ScriptedModel([text(long)], [text('Yes, of course. Tell me.')]),
    );
    const [first, second] = [finalRecord(), finalRecord()];
    const output = session.output.audio as PacedAudioOutput;
    const stop = output.watch({
      onAudible: () => {
        stop();
        say('no wait');
      },
    });
    say('when do you open');
    const [cut, interrupting] = [await first, await second];
    expect([cut.interrupted, cut.bargeIn, cut.outcome]).toEqual([true, false, 'interrupted']);
    expect([interrupting.interrupted, interrupting.bargeIn]).toEqual([false, true]);
    expect(interrupting.outcome).toBe('answered');
  });
});
