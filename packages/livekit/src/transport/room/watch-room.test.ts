import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { ManualClock } from '@firstword/turn';
import { initializeLogger, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { addInputSource } from '../../internals/audio-input-source.js';
import { ScriptedSTT } from '../../testing/scripted.js';
import { RESUME_AFTER_MS } from '../playout.js';
import { MeasuredInput } from './measured-input.js';
import { HEAD_START_MS, MeasuredOutput } from './measured-output.js';
import { watchRoom } from './watch-room.js';

const RATE_HZ = 24_000;
const FRAME_MS = 20;
const SAMPLES = (RATE_HZ * FRAME_MS) / 1000;

function frame(level: number, fromSample = 0): AudioFrame {
  const data = new Int16Array(SAMPLES).fill(level, fromSample);
  return new AudioFrame(data, RATE_HZ, 1, SAMPLES);
}

class RoomInput extends voice.AudioInput {
  readonly attached: boolean[] = [];
  controller!: ReadableStreamDefaultController<AudioFrame>;

  constructor() {
    super();
    addInputSource(
      this,
      new ReadableStream<AudioFrame>({
        start: (controller) => {
          this.controller = controller;
        },
      }),
    );
  }

  override setAttached(attached: boolean): void {
    this.attached.push(attached);
  }
}

/** As LiveKit's recorder: passes everything on. */
class Recorder extends voice.AudioOutput {
  constructor(next: voice.AudioOutput) {
    super(next.sampleRate, next, { pause: true });
  }

  override clearBuffer(): void {}
}

class RoomOutput extends voice.AudioOutput {
  readonly frames: AudioFrame[] = [];
  /** The playback commands it received. */
  readonly commands: string[] = [];
  flushed = 0;
  cleared = 0;
  /** Settles when the room has accepted a frame. */
  taking = Promise.resolve();

  constructor() {
    super(RATE_HZ, undefined, { pause: true });
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    void super.captureFrame(frame);
    this.frames.push(frame);
    await this.taking;
  }

  override flush(): void {
    super.flush();
    this.flushed += 1;
  }

  override clearBuffer(): void {
    this.cleared += 1;
    this.commands.push('clear');
  }

  override pause(): void {
    this.commands.push('pause');
  }

  override resume(): void {
    this.commands.push('resume');
  }
}

/** An agent that records every frame that reaches it. */
class RecordingAgent extends voice.Agent {
  readonly received: AudioFrame[] = [];

  constructor() {
    super({ instructions: 'Listen.', stt: new ScriptedSTT() });
  }

  /** Resolves when this many frames have arrived. */
  async has(frames: number): Promise<void> {
    while (this.received.length < frames) await new Promise((resolve) => setImmediate(resolve));
  }

  override async sttNode(audio: Parameters<voice.Agent['sttNode']>[0]) {
    void (async () => {
      for await (const next of audio as AsyncIterable<AudioFrame>) this.received.push(next);
    })();
    return null;
  }
}

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

describe('MeasuredOutput', () => {
  function watched(headStartMs = HEAD_START_MS) {
    const clock = new ManualClock();
    const room = new RoomOutput();
    const output = new MeasuredOutput(room, { clock, headStartMs });
    const reported: unknown[][] = [];
    output.watch({
      onPublished: (...args) => reported.push(['published', ...args]),
      onAudible: (...args) => reported.push(['audible', ...args]),
      onFinished: (...args) => reported.push(['finished', ...args]),
    });
    return { clock, room, output, reported };
  }

  it('passes every frame on and reports when the first audible sample is sent', async () => {
    const { clock, room, output, reported } = watched();
    const frames = [frame(0), frame(3000, SAMPLES / 2), frame(3000)];
    await output.captureFrame(frames[0]!);
    clock.advance(100);
    room.onPlaybackStarted(0);
    for (const next of frames.slice(1)) await output.captureFrame(next);
    output.flush();
    room.onPlaybackFinished({ playbackPosition: 0.06, interrupted: false });
    expect(room.frames).toEqual(frames);
    expect(room.flushed).toBe(1);
    expect(reported).toEqual([
      ['published', 1, 100],
      ['audible', 1, 100 + FRAME_MS * 1.5],
      ['finished', 1, 60, false],
    ]);
  });

  it('finds the first audible sample of an answer that waited for the room', async () => {
    const { clock, room, output, reported } = watched();
    await output.captureFrame(frame(3000, SAMPLES / 2));
    clock.advance(500);
    room.onPlaybackStarted(0);
    expect(reported).toEqual([
      ['published', 1, 500],
      ['audible', 1, 500 + FRAME_MS / 2],
    ]);
  });

  it('separates an answer from the previous one, which the room has yet to finish', async () => {
    const { clock, room, output, reported } = watched();
    await output.captureFrame(frame(3000));
    room.onPlaybackStarted(0);
    output.clearBuffer();
    output.flush();
    await output.captureFrame(frame(3000));
    clock.advance(40);
    room.onPlaybackFinished({ playbackPosition: 0.01, interrupted: true });
    room.onPlaybackStarted(0);
    expect(room.cleared).toBe(1);
    expect(reported.slice(2)).toEqual([
      ['finished', 1, 10, true],
      ['published', 2, 40],
      ['audible', 2, 40],
    ]);
  });

  it('writes sent audio to the tape at its send time, and removes what was cut off', async () => {
    const clock = new ManualClock();
    const room = new RoomOutput();
    const taped: unknown[][] = [];
    const tape = {
      agent: (startMs: number, samples: Int16Array, rateHz: number) =>
        taped.push([startMs, samples.length, rateHz]),
      agentCut: (fromMs: number) => taped.push(['cut', fromMs]),
    };
    const output = new MeasuredOutput(room, { clock, tape, headStartMs: HEAD_START_MS });
    await output.captureFrame(frame(3000));
    expect(taped).toEqual([]);
    clock.advance(70);
    room.onPlaybackStarted(0);
    await output.captureFrame(frame(3000));
    clock.advance(5);
    output.clearBuffer();
    expect(taped).toEqual([
      [70, SAMPLES, RATE_HZ],
      [70 + FRAME_MS, SAMPLES, RATE_HZ],
      ['cut', 75],
    ]);
  });

  it('resumes a paused answer after a short delay, unless it is cleared or paused again meanwhile', () => {
    const { clock, room, output } = watched();
    output.pause();
    output.resume();
    clock.advance(19);
    expect(room.commands).toEqual(['pause']);
    clock.advance(1);
    expect(room.commands).toEqual(['pause', 'resume']);
    output.pause();
    output.resume();
    clock.advance(5);
    output.clearBuffer();
    expect(room.commands.slice(2)).toEqual(['pause', 'clear', 'resume']);
    output.pause();
    output.resume();
    output.pause();
    clock.advance(1000);
    expect(room.commands.slice(5)).toEqual(['pause', 'pause']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('sends again at the resume what the room drops at a pause, before what comes meanwhile', async () => {
    const { clock, room, output } = watched(0);
    const paused: unknown[] = [];
    output.watch({ onPaused: (...args) => paused.push(args) });
    const frames = Array.from({ length: 6 }, () => frame(3000));
    await output.captureFrame(frames[0]!);
    room.onPlaybackStarted(0);
    for (const next of frames.slice(1, 4)) await output.captureFrame(next);
    clock.advance(FRAME_MS * 1.5);
    output.pause();
    await new Promise((resolve) => setImmediate(resolve));
    expect(paused).toEqual([[1, FRAME_MS * 2.5]]);
    // The frame at which the room drops its queue.
    expect(room.frames.slice(4).map(({ data }) => data.every((sample) => sample === 0))).toEqual([true]);
    const later = output.captureFrame(frames[4]!);
    output.resume();
    clock.advance(20);
    await later;
    const [half, third, fourth, fifth] = room.frames.slice(5);
    expect(half!.samplesPerChannel).toBe(SAMPLES / 2);
    expect([third, fourth, fifth]).toEqual([frames[2], frames[3], frames[4]]);
  });

  it('sends nothing of what it holds if the answer is cleared while it is paused', async () => {
    const { clock, room, output } = watched(0);
    await output.captureFrame(frame(3000));
    room.onPlaybackStarted(0);
    await output.captureFrame(frame(3000));
    output.pause();
    await new Promise((resolve) => setImmediate(resolve));
    const before = room.frames.length;
    const later = output.captureFrame(frame(3000));
    output.flush();
    output.clearBuffer();
    output.resume();
    clock.advance(20);
    await later;
    expect([room.frames.length, room.flushed, room.cleared]).toEqual([before, 0, 1]);
  });

  it('forwards the head start of each answer at once, and the rest as the room accepts it', async () => {
    const { room, output } = watched(3 * FRAME_MS);
    let take = () => {};
    room.taking = new Promise<void>((resolve) => {
      take = resolve;
    });
    for (let answer = 1; answer <= 2; answer += 1) {
      for (let i = 0; i < 3; i += 1) await output.captureFrame(frame(3000));
      output.flush();
    }
    expect(room.frames).toHaveLength(6);
    for (let i = 0; i < 3; i += 1) await output.captureFrame(frame(3000));
    let taken = false;
    const fourth = output.captureFrame(frame(3000)).then(() => {
      taken = true;
    });
    await Promise.resolve();
    expect([room.frames.length, taken]).toEqual([10, false]);
    take();
    await fourth;
  });

  it('waits for every frame without a head start', async () => {
    const { room, output } = watched(0);
    room.taking = Promise.reject(new Error('closed'));
    await expect(output.captureFrame(frame(3000))).rejects.toThrow('closed');
  });

  it('reports a room that accepts no audio at the first frame after the head start', async () => {
    const { room, output } = watched(FRAME_MS);
    room.taking = Promise.reject(new Error('closed'));
    await output.captureFrame(frame(3000));
    await expect(output.captureFrame(frame(3000))).rejects.toThrow('closed');
  });

  it('reports nothing for an answer that was never sent', async () => {
    const { room, output, reported } = watched();
    await output.captureFrame(frame(3000));
    output.flush();
    room.onPlaybackFinished({ playbackPosition: 0, interrupted: true });
    expect(reported).toEqual([]);
  });
});

describe('watchRoom', () => {
  it('is active when a session starts, loses no frame, and locates the end of speech', async () => {
    const clock = new ManualClock();
    const room = new RoomInput();
    const session = new voice.AgentSession({});
    const taped: number[] = [];
    watchRoom(session, {
      clock,
      tape: { caller: (startMs) => taped.push(startMs), agent: () => {}, agentCut: () => {} },
    });
    session.input.audio = room;
    session.output.audio = new RoomOutput();
    const agent = new RecordingAgent();
    await session.start({ agent });
    const measured = session.input.audio as MeasuredInput;
    expect(measured).toBeInstanceOf(MeasuredInput);
    expect(session.output.audio).toBeInstanceOf(MeasuredOutput);
    expect(room.attached).toEqual([true]);
    const sent = [...Array(50).keys()].map((i) => frame(i < 25 ? 3000 : 1));
    for (const next of sent) {
      clock.advance(FRAME_MS);
      room.controller.enqueue(next);
      // The room delivers frames one after another.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await agent.has(sent.length);
    expect(agent.received).toEqual(sent);
    expect(measured.edges.lastSpeech(0, 1000)).toBeCloseTo(500, -1);
    expect(taped).toEqual(sent.map((_, i) => i * FRAME_MS));
    await session.close();
  });

  it('delays the resume of a reply once, although LiveKit’s recorder puts itself between', () => {
    const clock = new ManualClock();
    const session = new voice.AgentSession({});
    watchRoom(session, { clock });
    const room = new RoomOutput();
    session.output.audio = room;
    session.output.audio = new Recorder(session.output.audio!);
    session.output.audio.pause();
    session.output.audio.resume();
    clock.advance(RESUME_AFTER_MS);
    expect(room.commands.at(-1)).toBe('resume');
  });

  it('still allows the audio to be removed', () => {
    const session = new voice.AgentSession({});
    watchRoom(session);
    session.input.audio = new RoomInput();
    session.input.audio = null;
    expect(session.input.audio).toBeNull();
  });
});
