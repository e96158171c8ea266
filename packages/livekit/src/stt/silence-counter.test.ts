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

/** One frame of a call: what the model says of it, and how loud it was (16-bit). */
type Frame = readonly [probability: number, level: number];
const times = (count: number, frame: Frame): Frame[] => Array(count).fill(frame);

const VOICE: Frame = [0.98, 3_000];
/** The voice has ended in the noise of the room, and the model has not noticed. */
const HELD: Frame = [0.9, 100];
const ROOM: Frame = [0.05, 100];

/** What LiveKit 1.9.0's VAD sends for these frames. */
function livekit(frames: readonly Frame[], { deactivationThreshold } = THRESHOLDS): VADEvent[] {
  const events: VADEvent[] = [];
  let [speaking, silence, speech] = [false, 0, 0];
  /** As it is told, which is not as it is counted. */
  const told = { silence: 0, speech: 0 };
  frames.forEach(([probability, level], i) => {
    if (speaking) told.speech += 32;
    else told.silence += 32;
    const samples = Int16Array.from({ length: FRAME }, (_, at) => (at % 2 ? level : -level));
    const event = {
      type: INFERENCE_DONE,
      samplesIndex: (i + 1) * FRAME,
      timestamp: (i + 1) * 32,
      silenceDuration: told.silence,
      speechDuration: told.speech,
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
        Object.assign(told, { silence: 0, speech });
        events.push({ ...event, type: START_OF_SPEECH, speaking: true, speechDuration: speech });
      }
    } else {
      [silence, speech] = [silence + 32, 0];
      if (speaking && silence >= 250) {
        speaking = false;
        const speechDuration = Math.max(0, told.speech - silence);
        Object.assign(told, { silence, speech: 0 });
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

function told(frames: readonly Frame[], options: { maxLeadMs?: number } = {}): VADEvent[] {
  const count = new SilenceCounter(() => THRESHOLDS, options.maxLeadMs ?? 96);
  return livekit(frames).flatMap((event) => count.process(event));
}

const edges = (events: readonly VADEvent[]) =>
  events.filter(({ type }) => type !== INFERENCE_DONE).map(({ type, timestamp }) => ({ type, timestamp }));
const ended = (events: readonly VADEvent[]) => events.find(({ type }) => type === END_OF_SPEECH)!;

describe('where the model notices at once that the voice has ended', () => {
  const frames = [...times(10, ROOM), ...times(20, VOICE), ...times(2, HELD), ...times(20, ROOM)];

  it('changes no edge, and tells silence up to the end of the frame', () => {
    expect(edges(told(frames))).toEqual(edges(livekit(frames)));
    const silences = told(frames).flatMap((event) =>
      event.type === INFERENCE_DONE && event.timestamp > 32 * 32 ? event.rawAccumulatedSilence : [],
    );
    expect(silences.slice(0, 8)).toEqual([32, 64, 96, 128, 160, 192, 224, 256]);
  });
});

describe('where the model goes on hearing a voice in the noise', () => {
  const held = (count: number) => [...times(10, ROOM), ...times(20, VOICE), ...times(count, HELD)];
  /** From the last loud sample to the end that is told, ms. */
  const afterVoice = (events: readonly VADEvent[]) => ended(events).timestamp - 30 * 32;

  it('counts from where the sound ended: the end comes as late as in a quiet room', () => {
    const lags = [2, 3, 4, 5].map((count) => afterVoice(told([...held(count), ...times(20, ROOM)])));
    expect(lags).toEqual([320, 320, 320, 320]);
    const usual = [2, 3, 4, 5].map((count) => afterVoice(livekit([...held(count), ...times(20, ROOM)])));
    expect(usual).toEqual([320, 352, 384, 416]);
  });

  it('gains no more than it may, and nothing where it may not', () => {
    const frames = [...held(9), ...times(20, ROOM)];
    expect(afterVoice(livekit(frames))).toBe(544);
    expect(afterVoice(told(frames))).toBe(544 - 96);
    expect(afterVoice(told(frames, { maxLeadMs: 32 }))).toBe(544 - 32);
    expect(edges(told(frames, { maxLeadMs: 0 }))).toEqual(edges(livekit(frames)));
  });

  it('tells how long it has been silent, and has spoken', () => {
    const frames = [...held(5), ...times(20, ROOM)];
    // 20 frames of the voice, and the two for which it is heard on in a quiet room.
    expect(ended(told(frames))).toMatchObject({ silenceDuration: 256, speechDuration: 704, speaking: false });
  });

  it('says of what comes after the end that nobody speaks, or the session would stop its answer', () => {
    const frames = [...held(5), ...times(20, ROOM)];
    const after = told(frames).filter((event) => event.timestamp > ended(told(frames)).timestamp);
    expect(after.map(({ type }) => type)).toEqual(Array(15).fill(INFERENCE_DONE));
    for (const event of after) {
      expect(event).toMatchObject({ speaking: false, speechDuration: 0 });
      expect(event.silenceDuration).toBe(event.rawAccumulatedSilence);
    }
  });

  it('believes the model where the sound goes on', () => {
    const hum: Frame = [0.05, 2_500];
    const frames = [...times(10, ROOM), ...times(20, VOICE), ...times(4, [0.9, 2_500]), ...times(20, hum)];
    expect(edges(told(frames))).toEqual(edges(livekit(frames)));
  });

  it('begins anew with a voice that is back before the VAD’s own end, but not with a click', () => {
    // Told after 160 ms of the model's silence; the VAD would tell after 256.
    const before = [...held(5), ...times(6, ROOM)];
    const back = told([...before, ...times(4, VOICE), ...times(20, ROOM)]);
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
    // The second stretch lasts as long as it does, not as the VAD's one.
    const lasts = back.filter((event) => event.speaking && event.timestamp > (before.length + 2) * 32);
    expect(lasts[0]!.speechDuration).toBe(96);
    const click = told([...before, VOICE, ...times(20, ROOM)]);
    expect(edges(click).map(({ type }) => type)).toEqual([START_OF_SPEECH, END_OF_SPEECH]);
  });
});

it('forgets what it has heard when the VAD is flushed, as the VAD does', () => {
  const count = new SilenceCounter(() => THRESHOLDS, 96);
  const hear = (frames: Frame[]) => livekit(frames).flatMap((event) => count.process(event));
  hear([...times(10, ROOM), ...times(20, VOICE)]);
  const after = hear([...times(3, ROOM), ...times(20, VOICE), ...times(20, ROOM)]);
  expect(
    after.slice(0, 3).map(({ speaking, rawAccumulatedSilence }) => [speaking, rawAccumulatedSilence]),
  ).toEqual([32, 64, 96].map((silenceMs) => [false, silenceMs]));
  expect(edges(after)).toEqual([
    { type: START_OF_SPEECH, timestamp: 5 * 32 },
    { type: END_OF_SPEECH, timestamp: 31 * 32 },
  ]);
});

it('tells edges in turn, with the silence that an end takes, whatever is heard', () => {
  const frame = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 20_000 }));
  const stretch = fc
    .tuple(frame, fc.integer({ min: 1, max: 14 }))
    .map(([one, count]) => times(count, one as Frame));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 40 }), (stretches) => {
      const frames = stretches.flat();
      let speaking = false;
      let [voicedAtMs, begunMs] = [0, 0];
      for (const event of told(frames)) {
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
