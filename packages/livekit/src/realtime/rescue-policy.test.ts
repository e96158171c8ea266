import { describe, expect, it } from 'vitest';
import type { RealtimeResponse } from './realtime-turn.js';
import { type AwaitedAnswer, rescueDecision } from './rescue-policy.js';

const response = (more: Partial<RealtimeResponse> = {}): RealtimeResponse => ({
  id: 'r1',
  isAskedFor: false,
  createdMs: 20,
  ...more,
});
const decide = (nowMs: number, more: Partial<AwaitedAnswer> = {}) =>
  rescueDecision({ sinceMs: 0, isCreationReported: true, hasTts: false, afterMs: 3000, ...more }, nowMs);

describe('an answer that does not come', () => {
  it('is replaced a second after the end of the turn where no response has begun, if the wire would report that', () => {
    expect(decide(0)).toEqual({ atMs: 1000 });
    expect(decide(1000)).toEqual({ reason: 'not_created' });
    expect(decide(1000, { isCreationReported: false })).toEqual({ atMs: 3000 });
    expect(decide(3000, { isCreationReported: false })).toEqual({ reason: 'late' });
    expect(decide(200, { afterMs: 200 })).toEqual({ reason: 'not_created' });
  });

  it('is waited for where a response has begun, up to the limit', () => {
    expect(decide(500, { response: response() })).toEqual({ atMs: 3000 });
    expect(decide(3000, { response: response() })).toEqual({ reason: 'late' });
  });

  it('is replaced at once where its response is completed without sound, or has failed', () => {
    expect(decide(80, { response: response({ status: 'completed' }) })).toEqual({ reason: 'empty' });
    expect(decide(80, { response: response({ status: 'failed' }) })).toEqual({ reason: 'failed' });
  });

  it('is text that a TTS speaks, or that nobody does', () => {
    const text = response({ status: 'completed', firstTextMs: 60 });
    expect(decide(80, { response: text })).toEqual({ reason: 'empty' });
    expect(decide(80, { response: text, hasTts: true })).toBeUndefined();
    expect(decide(5000, { response: response({ firstTextMs: 60 }), hasTts: true })).toBeUndefined();
  });

  it('is replaced where its words bring no audio, and where its audio is silence', () => {
    const words = response({ firstTextMs: 600, isTranscript: true });
    expect(decide(700, { response: words, hasTts: true })).toEqual({ atMs: 1100 });
    expect(decide(1100, { response: words, hasTts: true })).toEqual({ reason: 'no_audio' });
    const silence = response({ firstAudioMs: 600, lastAudioMs: 900, audioMs: 2000 });
    expect(decide(900, { response: silence })).toEqual({ reason: 'no_audio' });
    expect(decide(900, { response: { ...silence, audioMs: 1633 } })).toEqual({ atMs: 3000 });
  });

  it('is not replaced while tools run', () => {
    expect(decide(9000, { response: response({ toolCallMs: 500, status: 'completed' }) })).toBeUndefined();
  });
});

describe('an answer that is audible', () => {
  const audible = { firstAudioMs: 600, audibleMs: 650, lastAudioMs: 800, audioMs: 1500 };

  it('has stopped where what has come was played, and no more follows', () => {
    expect(decide(800, { response: response(audible) })).toEqual({ atMs: 3100 });
    expect(decide(3100, { response: response(audible) })).toEqual({ reason: 'stopped' });
    // It goes on.
    expect(decide(3100, { response: response({ ...audible, lastAudioMs: 3000, audioMs: 2000 }) })).toEqual({
      atMs: 4000,
    });
  });

  it('has ended where its response is done', () => {
    expect(
      decide(9000, { response: response({ ...audible, doneMs: 900, status: 'completed' }) }),
    ).toBeUndefined();
  });
});
