import { ManualClock } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { voice } from '../testing/sound.js';
import { ScriptedCaller, type ScriptedCallerOptions } from './caller.js';
import type { Clip } from './clips.js';

const clip = (ms: number, bargeInAfterMs?: number): Clip => ({
  line: { parts: [''], breathMs: 0, bargeInAfterMs },
  samples: voice({ ms, levelDb: -20, rateHz: 16_000 }),
});

interface Sound {
  atMs: number;
  ms: number;
  quiet?: boolean;
}

/** A call on a manual clock, with an agent that plays given sounds after each line. */
class StagedCall {
  readonly clock = new ManualClock({ nowMs: 10_000 });
  readonly frames: { startMs: number; frame: Int16Array; isPause: boolean }[] = [];
  readonly caller: ScriptedCaller;
  readonly stop = new AbortController();
  /** The agent's sounds after the n-th line, ms from the line's end. */
  readonly #answers: (Sound[] | undefined)[];
  #sounds: Sound[];
  #loudUntilMs = -Infinity;
  #linesHeard = 0;

  constructor(
    clips: Clip[],
    answers: (Sound[] | undefined)[],
    options: Partial<ScriptedCallerOptions> & { greeting?: Sound[] } = {},
  ) {
    this.#answers = answers;
    this.#sounds = (options.greeting ?? []).map((sound) => ({ ...sound, atMs: sound.atMs + 10_000 }));
    this.caller = new ScriptedCaller({
      clips,
      clock: this.clock,
      send: (startMs, frame, isPause) => this.#listen(startMs, frame, isPause),
      playoutEmpty: () => this.#sounds.length === 0,
      ...options,
    });
  }

  async run(forMs = 120_000) {
    const done = this.caller.run({ signal: this.stop.signal });
    let isDone = false;
    const settled = done.then(
      () => (isDone = true),
      () => (isDone = true),
    );
    for (let ms = 0; ms < forMs && !isDone; ms += 20) {
      this.clock.advance(20);
      this.#play();
      await Promise.resolve();
    }
    if (!isDone) this.stop.abort();
    await settled;
    return done;
  }

  #listen(startMs: number, frame: Int16Array, isPause: boolean): void {
    this.frames.push({ startMs, frame, isPause });
    if (frame.some((sample) => Math.abs(sample) > 1000)) {
      this.#loudUntilMs = startMs + 20;
    } else if (startMs === this.#loudUntilMs) {
      // The line's last loud frame was the one before.
      const sounds = this.#answers[this.#linesHeard++] ?? [];
      this.#sounds.push(...sounds.map((sound) => ({ ...sound, atMs: startMs + sound.atMs })));
    }
  }

  /** Plays what is due, 20 ms at a time. */
  #play(): void {
    const nowMs = this.clock.nowMs();
    for (const sound of this.#sounds) {
      while (sound.ms > 0 && sound.atMs <= nowMs) {
        const ms = Math.min(20, sound.ms);
        const samples = (ms * 24_000) / 1000;
        const pcm = sound.quiet ? new Int16Array(samples) : new Int16Array(samples).fill(3000);
        this.caller.receiveAudio(sound.atMs, pcm, 24_000);
        sound.atMs += ms;
        sound.ms -= ms;
      }
    }
    this.#sounds = this.#sounds.filter((sound) => sound.ms > 0);
  }
}

const ANSWER: Sound[] = [{ atMs: 600, ms: 1000 }];

describe('the caller’s frames', () => {
  it('are 20 ms each, without gaps, in real time from the start of the call', async () => {
    const call = new StagedCall([clip(1000)], [ANSWER]);
    await call.run();
    expect(call.frames.map(({ startMs }) => startMs)).toEqual(call.frames.map((_, i) => 10_000 + i * 20));
    expect(new Set(call.frames.map(({ frame }) => frame.length))).toEqual(new Set([320]));
  });

  it('catch up after a stall, on the same schedule', async () => {
    // Simulates a blocked event loop: the clock has advanced far before the timer runs.
    let nowMs = 0;
    let timer = () => {};
    const schedule = (_: number, fn: () => void) => {
      timer = fn;
      return () => {};
    };
    const frames: number[] = [];
    const caller = new ScriptedCaller({
      clips: [clip(1000)],
      clock: { nowMs: () => nowMs, wallMs: () => 0, schedule },
      send: (startMs) => frames.push(startMs),
      playoutEmpty: () => true,
    });
    const stop = new AbortController();
    const call = caller.run({ signal: stop.signal });
    nowMs = 95;
    timer();
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'aborted' });
    expect(frames).toEqual([0, 20, 40, 60]);
  });

  it('contain room noise between lines, not digital silence', async () => {
    const call = new StagedCall([clip(1000)], [ANSWER]);
    await call.run();
    expect(call.frames.every(({ frame }) => frame.some((sample) => sample !== 0))).toBe(true);
    const quietest = Math.max(...call.frames[0]!.frame.map(Math.abs));
    expect(quietest).toBeLessThan(100);
  });

  it('are marked as line or pause', async () => {
    const call = new StagedCall([clip(1000)], [ANSWER]);
    await call.run();
    const isLoud = (frame: Int16Array) => frame.some((sample) => Math.abs(sample) > 1000);
    expect(call.frames.filter(({ isPause }) => !isPause)).toHaveLength(50);
    expect(call.frames.some(({ frame, isPause }) => isPause && isLoud(frame))).toBe(false);
  });

  it('contain noise at the requested signal-to-noise ratio', async () => {
    const said = clip(1000);
    const call = new StagedCall([said], [ANSWER], { snrDb: 30 });
    await call.run();
    const rmsOf = (pcm: Int16Array) => Math.sqrt(pcm.reduce((sum, s) => sum + s * s, 0) / pcm.length);
    const before = Int16Array.from(call.frames.slice(0, 50).flatMap(({ frame }) => [...frame]));
    expect(20 * Math.log10(rmsOf(said.samples) / rmsOf(before))).toBeCloseTo(30, 0);
  });

  it('contain each line completely', async () => {
    const one = clip(1010);
    const call = new StagedCall([one], [ANSWER]);
    await call.run();
    const sent = call.frames.flatMap(({ frame }) => [...frame]);
    const from = sent.findIndex((sample) => Math.abs(sample) > 1000);
    const begin = one.samples.findIndex((sample) => Math.abs(sample) > 1000);
    const offsets = one.samples.map((sample, i) => sample - sent[from - begin + i]!);
    expect(Math.max(...offsets.map(Math.abs))).toBeLessThan(100);
  });
});

describe('the conversation', () => {
  it('continues with the next line after the answer has ended', async () => {
    const call = new StagedCall([clip(1000), clip(800), clip(600)], [ANSWER, ANSWER, ANSWER]);
    const { turns, lost, answeredTwice } = await call.run();
    expect(turns.map(({ turn, outcome, attempts }) => [turn, outcome, attempts])).toEqual([
      [1, 'answered', 1],
      [2, 'answered', 1],
      [3, 'answered', 1],
    ]);
    expect([lost, answeredTwice]).toEqual([0, 0]);
    const pausesMs = turns.slice(1).map((turn, i) => turn.speechEndedMs - (turns[i]!.firstAudibleMs! + 1000));
    // 700 ms of silence that end the answer, a pause of 300 to 900 ms, and the line itself.
    for (const [i, pauseMs] of pausesMs.entries()) {
      expect(pauseMs).toBeGreaterThanOrEqual(1000 + [800, 600][i]!);
      expect(pauseMs).toBeLessThanOrEqual(1640 + [800, 600][i]!);
    }
  });

  it('reports the gap of each turn, from the last sample sent to the first audible one', async () => {
    const call = new StagedCall([clip(1010)], [[{ atMs: 600, ms: 1000 }]]);
    const { turns } = await call.run();
    // The simulated agent counts from the end of the last loud frame, which the line only half fills.
    expect(turns[0]!.firstAudibleMs! - turns[0]!.speechEndedMs).toBe(turns[0]!.gapMs);
    expect(turns[0]!.gapMs).toBe(610);
  });

  it('counts leading silence of the answer as gap', async () => {
    const answer: Sound[] = [
      { atMs: 400, ms: 200, quiet: true },
      { atMs: 600, ms: 500 },
    ];
    const { turns } = await new StagedCall([clip(1000)], [answer]).run();
    expect(turns[0]!.gapMs).toBe(600);
  });

  it('waits for the end of the greeting', async () => {
    const call = new StagedCall([clip(1000)], [ANSWER], { greeting: [{ atMs: 200, ms: 2000 }] });
    await call.run();
    const firstLoud = call.frames.find(({ frame }) => frame.some((sample) => Math.abs(sample) > 1000))!;
    expect(firstLoud.startMs).toBeGreaterThanOrEqual(10_000 + 2200 + 700 + 300);
  });

  it('tolerates a pause within the answer', async () => {
    const answer: Sound[] = [
      { atMs: 600, ms: 500 },
      { atMs: 1600, ms: 500 },
    ];
    const { turns, answeredTwice } = await new StagedCall([clip(1000), clip(500)], [answer, ANSWER]).run();
    expect(turns.map((turn) => turn.spokenOver)).toEqual([false, false]);
    expect(answeredTwice).toBe(0);
  });

  it('depends only on the seed', async () => {
    const startsOf = async (seed: number) => {
      const call = new StagedCall([clip(1000), clip(500)], [ANSWER, ANSWER], { seed });
      return (await call.run()).turns.map((turn) => turn.speechEndedMs);
    };
    expect(await startsOf(3)).toEqual(await startsOf(3));
    expect(await startsOf(3)).not.toEqual(await startsOf(4));
  });
});

describe('what goes wrong', () => {
  it('repeats an unanswered line, then counts it as lost and continues', async () => {
    const call = new StagedCall([clip(1000), clip(500)], [undefined, undefined, ANSWER]);
    const { turns, lost } = await call.run();
    expect(turns.map(({ turn, outcome, attempts }) => [turn, outcome, attempts])).toEqual([
      [1, 'lost', 2],
      [2, 'answered', 1],
    ]);
    expect(lost).toBe(1);
    expect('gapMs' in turns[0]!).toBe(false);
  });

  it('accepts an answer to the repeated line', async () => {
    const { turns } = await new StagedCall([clip(1000)], [undefined, ANSWER]).run();
    expect(turns).toMatchObject([{ outcome: 'answered', attempts: 2, gapMs: 600 }]);
  });

  it('counts an additional answer in the caller’s pause', async () => {
    const twice: Sound[] = [
      { atMs: 600, ms: 1000 },
      { atMs: 2400, ms: 1000 },
    ];
    const behavior = { answerOverMs: 700 };
    const call = new StagedCall([clip(1000), clip(500)], [twice, ANSWER], {
      behavior,
      playoutEmpty: () => true,
    });
    const { turns, answeredTwice } = await call.run();
    expect(answeredTwice).toBe(1);
    expect(turns.map((turn) => turn.extraAnswers)).toEqual([1, 0]);
    expect(turns.map((turn) => turn.spokenOver)).toEqual([false, false]);
  });

  it('does not count agent speech that started within the line as its answer', async () => {
    const leftOver: Sound[] = [
      { atMs: 0, ms: 120 },
      { atMs: 1000, ms: 1000 },
    ];
    const again: Sound = { atMs: 2600, ms: 500 };
    const over = async (sounds: Sound[]) => {
      const options = { behavior: { answerOverMs: 700 }, playoutEmpty: () => true };
      const call = new StagedCall([clip(1000), clip(500)], [sounds, ANSWER], options);
      const speakOver = () =>
        call.caller.receiveAudio(call.clock.nowMs(), new Int16Array(2400).fill(3000), 24_000);
      call.clock.schedule(5000, speakOver);
      return (await call.run()).turns.map(({ extraAnswers, gapMs }) => ({ extraAnswers, gapMs }));
    };
    expect(await over(leftOver)).toEqual([
      { extraAnswers: 0, gapMs: 1000 },
      { extraAnswers: 0, gapMs: 600 },
    ]);
    expect((await over([...leftOver, again]))[0]).toEqual({ extraAnswers: 1, gapMs: 1000 });
  });

  it('reports that the agent spoke over the line', async () => {
    const call = new StagedCall([clip(1000)], [ANSWER]);
    // Without a greeting, the line starts after 4 s and a pause of up to 0.9 s.
    call.clock.schedule(5000, () => {
      call.caller.receiveAudio(call.clock.nowMs(), new Int16Array(2400).fill(3000), 24_000);
    });
    const { turns } = await call.run();
    expect(turns[0]!.spokenOver).toBe(true);
  });

  it('ends the turn when an answer never ends', async () => {
    const endless: Sound[] = [{ atMs: 600, ms: 30_000 }];
    const call = new StagedCall([clip(1000)], [endless], { behavior: { longestAnswerMs: 5000 } });
    const { turns } = await call.run(20_000);
    expect(turns).toMatchObject([{ outcome: 'answered' }]);
  });

  it('can be stopped, and keeps the turns so far', async () => {
    const call = new StagedCall([clip(1000), clip(500)], [ANSWER]);
    await expect(call.run(12_000)).rejects.toMatchObject({ code: 'aborted' });
    expect(call.caller.report().turns).toHaveLength(1);
    expect(call.clock.pendingTimers).toBe(0);
  });
});

it('speaks over the answer where the line says so', async () => {
  const call = new StagedCall([clip(1000), clip(600, 800)], [[{ atMs: 600, ms: 1200 }], ANSWER]);
  const { turns } = await call.run();
  expect(turns.map((turn) => turn.bargedIn)).toEqual([false, true]);
  // 800 ms into the answer, to the next frame, and then the line of 600 ms.
  const beganMs = turns[1]!.speechEndedMs - 600;
  expect(beganMs - turns[0]!.firstAudibleMs!).toBeGreaterThanOrEqual(800);
  expect(beganMs - turns[0]!.firstAudibleMs!).toBeLessThanOrEqual(820);
  expect(turns[1]!.spokenOver).toBe(true);
});

it('plays the echo and the background of a recorded line until the next one, and inaudible noise over all', async () => {
  const recorded = (samples: Int16Array, level: number): Clip => ({
    line: { parts: [], breathMs: 0 },
    samples,
    after: { echo: new Int16Array(100).fill(level), background: new Int16Array(500).fill(level / 2) },
  });
  // The line ends 20 samples into a frame.
  const first = recorded(new Int16Array(3220).fill(5000), 600);
  const call = new StagedCall(
    [first, recorded(new Int16Array(3200).fill(5000), 300)],
    [[{ atMs: 500, ms: 300 }], [{ atMs: 500, ms: 300 }]],
  );
  await call.run();
  const line = call.frames.findIndex(({ isPause }) => !isPause);
  const near = (frame: Int16Array, from: number, to: number, level: number) =>
    frame.subarray(from, to).every((sample) => Math.abs(sample - level) < 20);
  expect(near(call.frames[line - 1]!.frame, 0, 320, 300)).toBe(true);
  const last = call.frames[line + 10]!.frame;
  expect(near(last, 0, 20, 5000)).toBe(true);
  expect(near(last, 20, 120, 600)).toBe(true);
  expect(near(last, 120, 320, 300)).toBe(true);
  expect(near(call.frames[line + 11]!.frame, 0, 320, 300)).toBe(true);
  expect(near(call.frames.at(-1)!.frame, 0, 320, 150)).toBe(true);
});
