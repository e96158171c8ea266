import { type VADEvent, VADEventType } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SilenceCounter } from './silence-counter.js';

const { START_OF_SPEECH, INFERENCE_DONE, END_OF_SPEECH } = VADEventType;
const FRAME = 512;
const THRESHOLDS = {
  activationThreshold: 0.5,
  deactivationThreshold: 0.5,
  minSilenceDuration: 250,
  minSpeechDuration: 50,
};

/** One frame of a call: the model's speech probability, and the peak level (16-bit). */
type Frame = readonly [probability: number, level: number];
const times = (count: number, frame: Frame): Frame[] => Array(count).fill(frame);

const VOICE: Frame = [0.98, 3_000];
/** Speech has ended in room noise, and the model still reports speech. */
const HELD: Frame = [0.9, 100];
const ROOM: Frame = [0.05, 100];

/** The events that LiveKit 1.9.0's VAD sends for these frames. */
function livekit(frames: readonly Frame[], { deactivationThreshold } = THRESHOLDS): VADEvent[] {
  const events: VADEvent[] = [];
  let [speaking, silence, speech] = [false, 0, 0];
  /** The durations in the events, which differ from the internal counters. */
  const durations = { silence: 0, speech: 0 };
  frames.forEach(([probability, level], i) => {
    if (speaking) durations.speech += 32;
    else durations.silence += 32;
    const samples = Int16Array.from({ length: FRAME }, (_, at) => (at % 2 ? level : -level));
    const event = {
      type: INFERENCE_DONE,
      samplesIndex: (i + 1) * FRAME,
      timestamp: (i + 1) * 32,
      silenceDuration: durations.silence,
      speechDuration: durations.speech,
      probability,
      inferenceDuration: 1,
      frames: [new AudioFrame(samples, 16_000, 1, FRAME)],
      speaking,
      rawAccumulatedSilence: silence,
      rawAccumulatedSpeech: speech,
    };
    events.push(event);
    if (probability >= 0.5 || (speaking && probability > deactivationThreshold)) {
      [silence, speech] = [0, speech + 32];
      if (!speaking && speech >= 50) {
        speaking = true;
        Object.assign(durations, { silence: 0, speech });
        events.push({ ...event, type: START_OF_SPEECH, speaking: true, speechDuration: speech });
      }
    } else {
      [silence, speech] = [silence + 32, 0];
      if (speaking && silence >= 250) {
        speaking = false;
        const speechDuration = Math.max(0, durations.speech - silence);
        Object.assign(durations, { silence, speech: 0 });
        events.push({
          ...event,
          type: END_OF_SPEECH,
          speaking: false,
          silenceDuration: silence,
          speechDuration,
        });
      }
    }
  });
  return events;
}

function counted(frames: readonly Frame[], options: { maxLeadMs?: number } = {}): VADEvent[] {
  const count = new SilenceCounter(() => THRESHOLDS, options.maxLeadMs ?? 96);
  return livekit(frames).flatMap((event) => count.process(event));
}

const edges = (events: readonly VADEvent[]) =>
  events.filter(({ type }) => type !== INFERENCE_DONE).map(({ type, timestamp }) => ({ type, timestamp }));
const ended = (events: readonly VADEvent[]) => events.find(({ type }) => type === END_OF_SPEECH)!;

describe('when the model detects the end of speech at once', () => {
  const frames = [...times(10, ROOM), ...times(20, VOICE), ...times(2, HELD), ...times(20, ROOM)];

  it('changes no edge, and reports silence up to the end of the frame', () => {
    expect(edges(counted(frames))).toEqual(edges(livekit(frames)));
    const silences = counted(frames).flatMap((event) =>
      event.type === INFERENCE_DONE && event.timestamp > 32 * 32 ? event.rawAccumulatedSilence : [],
    );
    expect(silences.slice(0, 8)).toEqual([32, 64, 96, 128, 160, 192, 224, 256]);
  });
});

describe('when the model keeps reporting speech in room noise', () => {
  const held = (count: number) => [...times(10, ROOM), ...times(20, VOICE), ...times(count, HELD)];
  /** Time from the last loud sample to the reported end of speech, ms. */
  const afterVoice = (events: readonly VADEvent[]) => ended(events).timestamp - 30 * 32;

  it('counts from the end of the sound, so the end comes no later than in a quiet room', () => {
    const lags = [2, 3, 4, 5].map((count) => afterVoice(counted([...held(count), ...times(20, ROOM)])));
    expect(lags).toEqual([320, 320, 320, 320]);
    const usual = [2, 3, 4, 5].map((count) => afterVoice(livekit([...held(count), ...times(20, ROOM)])));
    expect(usual).toEqual([320, 352, 384, 416]);
  });

  it('gains at most `maxLeadMs`, and nothing if that is 0', () => {
    const frames = [...held(9), ...times(20, ROOM)];
    expect(afterVoice(livekit(frames))).toBe(544);
    expect(afterVoice(counted(frames))).toBe(544 - 96);
    expect(afterVoice(counted(frames, { maxLeadMs: 32 }))).toBe(544 - 32);
    expect(edges(counted(frames, { maxLeadMs: 0 }))).toEqual(edges(livekit(frames)));
  });

  it('reports the durations of silence and speech', () => {
    const frames = [...held(5), ...times(20, ROOM)];
    // 20 frames of speech, plus the two that the model adds in a quiet room.
    expect(ended(counted(frames))).toMatchObject({
      silenceDuration: 256,
      speechDuration: 704,
      speaking: false,
    });
  });

  it('reports no speech after the end, because the session would interrupt its answer otherwise', () => {
    const frames = [...held(5), ...times(20, ROOM)];
    const after = counted(frames).filter((event) => event.timestamp > ended(counted(frames)).timestamp);
    expect(after.map(({ type }) => type)).toEqual(Array(15).fill(INFERENCE_DONE));
    for (const event of after) {
      expect(event).toMatchObject({ speaking: false, speechDuration: 0 });
      expect(event.silenceDuration).toBe(event.rawAccumulatedSilence);
    }
  });

  it('follows the model if the sound continues', () => {
    const hum: Frame = [0.05, 2_500];
    const frames = [...times(10, ROOM), ...times(20, VOICE), ...times(4, [0.9, 2_500]), ...times(20, hum)];
    expect(edges(counted(frames))).toEqual(edges(livekit(frames)));
  });

  it('starts a new stretch if speech resumes before the VAD’s own end, but not for a click', () => {
    // Reported after 160 ms of silence by the model; the VAD would report it after 256 ms.
    const before = [...held(5), ...times(6, ROOM)];
    const back = counted([...before, ...times(4, VOICE), ...times(20, ROOM)]);
    expect(edges(back).map(({ type }) => type)).toEqual([
      START_OF_SPEECH,
      END_OF_SPEECH,
      START_OF_SPEECH,
      END_OF_SPEECH,
    ]);
    expect(back.find(({ type, timestamp }) => type === START_OF_SPEECH && timestamp > 1_000)).toMatchObject({
      timestamp: (before.length + 2) * 32,
      speechDuration: 64,
      speaking: true,
    });
    // The second stretch has its own duration, not that of the VAD's single stretch.
    const lasts = back.filter((event) => event.speaking && event.timestamp > (before.length + 2) * 32);
    expect(lasts[0]!.speechDuration).toBe(96);
    const click = counted([...before, VOICE, ...times(20, ROOM)]);
    expect(edges(click).map(({ type }) => type)).toEqual([START_OF_SPEECH, END_OF_SPEECH]);
  });
});

it('resets when the VAD is flushed, as the VAD does', () => {
  const count = new SilenceCounter(() => THRESHOLDS, 96);
  const feed = (frames: Frame[]) => livekit(frames).flatMap((event) => count.process(event));
  feed([...times(10, ROOM), ...times(20, VOICE)]);
  const after = feed([...times(3, ROOM), ...times(20, VOICE), ...times(20, ROOM)]);
  expect(
    after.slice(0, 3).map(({ speaking, rawAccumulatedSilence }) => [speaking, rawAccumulatedSilence]),
  ).toEqual([32, 64, 96].map((silenceMs) => [false, silenceMs]));
  expect(edges(after)).toEqual([
    { type: START_OF_SPEECH, timestamp: 5 * 32 },
    { type: END_OF_SPEECH, timestamp: 31 * 32 },
  ]);
});

it('alternates starts and ends, each end after the required silence, for any input', () => {
  const frame = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 20_000 }));
  const stretch = fc
    .tuple(frame, fc.integer({ min: 1, max: 14 }))
    .map(([one, count]) => times(count, one as Frame));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 40 }), (stretches) => {
      const frames = stretches.flat();
      let speaking = false;
      let [voicedAtMs, begunMs] = [0, 0];
      for (const event of counted(frames)) {
        if (event.type === INFERENCE_DONE) {
          expect(event.speaking).toBe(speaking);
          if (!speaking) expect(event.speechDuration).toBe(0);
          else expect(event.speechDuration).toBeLessThanOrEqual(event.timestamp - begunMs + 96);
          if (event.probability >= 0.5) voicedAtMs = event.timestamp;
          continue;
        }
        expect(event.type).toBe(speaking ? END_OF_SPEECH : START_OF_SPEECH);
        speaking = !speaking;
        if (speaking) begunMs = event.timestamp;
        if (speaking) continue;
        expect(event.silenceDuration).toBeGreaterThanOrEqual(250);
        expect(event.timestamp - voicedAtMs).toBeGreaterThanOrEqual(256 - 96);
        expect(event.timestamp - voicedAtMs).toBeLessThanOrEqual(256);
      }
    }),
  );
});
