import { EventEmitter } from 'node:events';
import { ManualClock } from '@firstword/turn';
import { llm } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import type { RealtimeResponse, RealtimeTurnEnd } from './realtime-turn.js';
import { RealtimeWatch } from './watch-realtime.js';

const RATE_HZ = 24_000;
const pcm = (ms: number, level = 0) =>
  Buffer.from(new Int16Array((ms * RATE_HZ) / 1000).fill(level).buffer).toString('base64');

class TestModel extends llm.RealtimeModel {
  readonly opened = new EventEmitter();
  readonly model = 'test-model';
  constructor() {
    super({
      messageTruncation: true,
      turnDetection: true,
      userTranscription: true,
      autoToolReplyGeneration: false,
      audioOutput: true,
      manualFunctionCalls: true,
    });
  }
  session(): llm.RealtimeSession {
    return this.opened as llm.RealtimeSession;
  }
  async close(): Promise<void> {}
}

function watched() {
  const clock = new ManualClock();
  const model = new TestModel();
  const ends: RealtimeTurnEnd[] = [];
  const responses: RealtimeResponse[] = [];
  const watch = new RealtimeWatch({
    model,
    clock,
    handlers: { onTurnEnded: (end) => ends.push(end), onResponse: (response) => responses.push(response) },
  });
  model.session();
  const { opened } = model;
  return {
    clock,
    watch,
    ends,
    responses,
    received: (type: string, more: object = {}) =>
      opened.emit('openai_server_event_received', { type, ...more }),
    sent: (type: string, more: object = {}) => opened.emit('openai_client_event_queued', { type, ...more }),
    emit: (name: string, event: object = {}) => opened.emit(name, event),
  };
}

describe('the watch of a realtime session', () => {
  it('finds when the audio at which the turn ended was heard and sent', () => {
    const { clock, ends, sent, received, emit } = watched();
    for (let chunk = 1; chunk <= 20; chunk += 1) {
      clock.advance(100);
      sent('input_audio_buffer.append', { audio: pcm(100) });
    }
    clock.advance(40);
    received('input_audio_buffer.speech_stopped', { audio_end_ms: 1930 });
    emit('input_speech_stopped');
    expect(ends).toEqual([{ reportedMs: 2040, audioHeardMs: 1930, audioSentMs: 2000 }]);
  });

  it('leaves out what the provider does not say, and positions of an earlier connection', () => {
    const { clock, ends, sent, received, emit } = watched();
    emit('input_speech_stopped');
    sent('input_audio_buffer.append', { audio: pcm(100) });
    emit('session_reconnected');
    clock.advance(5);
    received('input_audio_buffer.speech_stopped', { audio_end_ms: 50 });
    emit('input_speech_stopped');
    expect(ends).toEqual([{ reportedMs: 0 }, { reportedMs: 5 }]);
  });

  it('fills in a response: first audio, first audible sample, status and tokens', () => {
    const { clock, responses, received, emit } = watched();
    emit('generation_created', { responseId: 'r1', userInitiated: false });
    clock.advance(10);
    received('response.output_audio.delta', { response_id: 'r1', delta: pcm(100) });
    clock.advance(10);
    received('response.output_audio.delta', { response_id: 'r1', delta: pcm(100, 4000) });
    const usage = {
      input_tokens: 9,
      output_tokens: 5,
      input_token_details: { audio_tokens: 7, cached_tokens: 2 },
    };
    received('response.done', { response: { id: 'r1', status: 'completed', usage } });
    expect(responses).toEqual([
      {
        id: 'r1',
        isAskedFor: false,
        createdMs: 0,
        firstAudioMs: 10,
        lastAudioMs: 20,
        audioMs: 200,
        audibleMs: 20,
        // It is played behind the silence before it.
        heardMs: 110,
        doneMs: 20,
        status: 'completed',
        promptTokens: 9,
        completionTokens: 5,
        cachedTokens: 2,
        audioInputTokens: 7,
      },
    ]);
  });

  it('keeps when the session asked, of responses that it asked for', () => {
    const { clock, responses, sent, received, emit } = watched();
    sent('response.create');
    clock.advance(30);
    emit('generation_created', { responseId: 'r1', userInitiated: true });
    received('response.output_item.added', { response_id: 'r1', item: { type: 'function_call' } });
    received('response.done', {
      response: { id: 'r1', status: 'failed', status_details: { error: { code: 'x' } } },
    });
    expect(responses).toMatchObject([
      { requestedMs: 0, createdMs: 30, toolCallMs: 30, status: 'failed', errorCode: 'x' },
    ]);
  });

  it.each([
    [{ audio: { input: { turn_detection: { type: 'server_vad', silence_duration_ms: 500 } } } }, 500],
    [{ turn_detection: { type: 'server_vad', silence_duration_ms: 300 } }, 300],
  ])('reads the turn detection of %j', (session, silenceMs) => {
    const { watch, received } = watched();
    received('session.updated', { session });
    expect(watch.settings).toEqual({
      'turnDetection.type': 'server_vad',
      'turnDetection.silence_duration_ms': silenceMs,
      'turnDetection.bound': 'turnDetection.silence_duration_ms',
    });
  });

  it('reports nothing after it was closed, and changes nothing for others', () => {
    const { watch, ends, responses, received, emit } = watched();
    watch.close();
    received('session.updated', {});
    emit('input_speech_stopped');
    emit('generation_created', { responseId: 'r1', userInitiated: false });
    expect([ends, responses]).toEqual([[], []]);
  });
});
