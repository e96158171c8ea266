import { inference, initializeLogger, log, type stt, voice } from '@livekit/agents';
import { STT, STTv2 } from '@livekit/agents-plugin-deepgram';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ScriptedSTT } from '../../testing/scripted.js';
import { ScriptedTTS } from '../../testing/scripted-tts.js';
import { PushAudioInput } from '../../transport/audio-input.js';
import { PacedAudioOutput } from '../../transport/audio-output.js';
import { AgentSession } from '../agent-session.js';
import { ttsPart } from './part.js';
import { tuneSTT, tuneTTS } from './tune.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const keys = { apiKey: 'key', apiSecret: 'secret', baseURL: 'http://127.0.0.1:1' };

/** What a stream of a Flux STT would ask the service for. */
function eagerThresholdOf(part: stt.STT): unknown {
  const stream = part.stream();
  stream.close();
  return Reflect.get(stream, '_liveConfig').call(stream).eager_eot_threshold;
}

describe('tuneSTT', () => {
  it('makes Flux report likely ends of turns, unless the threshold was set', () => {
    const flux = new STTv2({ apiKey: 'key' });
    expect(tuneSTT(flux)).toEqual({ eagerEotThreshold: 0.5 });
    expect(eagerThresholdOf(flux)).toBe('0.5');
    expect(tuneSTT(flux)).toEqual({ eagerEotThreshold: 0.5 });
    const own = new STTv2({ apiKey: 'key', eagerEotThreshold: 0.7 });
    expect(tuneSTT(own)).toEqual({});
    expect(eagerThresholdOf(own)).toBe('0.7');
  });

  it('leaves every other STT unchanged', () => {
    expect(tuneSTT(new ScriptedSTT())).toEqual({});
    expect(tuneSTT(new STT({ apiKey: 'key' }))).toEqual({});
  });
});

describe('tuneTTS', () => {
  it('sets the Cartesia buffer delay of LiveKit Inference to 0', () => {
    const cartesia = new inference.TTS({
      ...keys,
      model: 'cartesia/sonic-3',
      modelOptions: { speed: 'fast' },
    });
    const set = { 'modelOptions.max_buffer_delay_ms': 0 };
    expect(tuneTTS(cartesia)).toEqual(set);
    expect(ttsPart(cartesia).options).toEqual({ speed: 'fast', max_buffer_delay_ms: 0 });
    expect(tuneTTS(cartesia)).toEqual(set);
  });

  it('keeps options that are already set, and leaves every other TTS unchanged', () => {
    const given = { max_buffer_delay_ms: 500 };
    const cartesia = new inference.TTS({ ...keys, model: 'cartesia/sonic-3', modelOptions: given });
    expect(tuneTTS(cartesia)).toEqual({});
    expect(ttsPart(cartesia).options).toEqual(given);
    const other = new inference.TTS({ ...keys, model: 'elevenlabs/eleven_flash_v2_5' });
    tuneTTS(other);
    expect(ttsPart(other).options).toEqual({});
    tuneTTS(new ScriptedTTS(true));
  });
});

it('is in the line that a session logs at its start', async () => {
  const info = vi.spyOn(log(), 'info').mockImplementation(() => {});
  onTestFinished(() => info.mockRestore());
  const tts = new inference.TTS({ ...keys, model: 'cartesia/sonic-3' });
  const session = new AgentSession({ stt: new STTv2({ apiKey: 'key', endpointUrl: keys.baseURL }), tts });
  session.input.audio = new PushAudioInput();
  session.output.audio = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
  await session.start({ agent: new voice.Agent({ instructions: 'x' }) });
  onTestFinished(() => session.close());
  const [facts] = info.mock.calls.find(([, message]) => String(message).startsWith('firstword: ')) ?? [];
  expect(facts).toMatchObject({
    set: {
      'stt deepgram.STTv2: eagerEotThreshold': 0.5,
      'tts inference.TTS: modelOptions.max_buffer_delay_ms': 0,
    },
  });
});
