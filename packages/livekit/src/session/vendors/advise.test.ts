import { inference, initializeLogger, log } from '@livekit/agents';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EagerSTT } from '../../stt/eager-stt.js';
import { ScriptedSTT } from '../../testing/scripted.js';
import { ScriptedTTS } from '../../testing/scripted-tts.js';
import { ClauseTTS } from '../../tts/clause-tts.js';
import { adviceFor, adviseVendors, warnOfVendors } from './advise.js';
import type { VendorPart } from './part.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const keys = { apiKey: 'key', apiSecret: 'secret', baseURL: 'http://127.0.0.1:1' };
const eagerStt: VendorPart = {
  kind: 'stt',
  label: 'x.STT',
  model: 'x',
  streaming: true,
  interims: true,
  options: {},
};
const unknownTts: VendorPart = { ...eagerStt, kind: 'tts', label: 'x.TTS' };
const problems = (part: Partial<VendorPart>, of = eagerStt) =>
  adviceFor([{ ...of, ...part }]).filter((advice) => advice.isProblem);

describe('advice', () => {
  it.each<[string, VendorPart]>([
    ['an unknown vendor', eagerStt],
    ['an unknown TTS', unknownTts],
  ])('gives no advice for %s that streams', (_name, part) => {
    expect(adviceFor([part])).toEqual([]);
  });

  it('detects missing interims, whichever option turned them off', () => {
    expect(problems({ streaming: false })).toMatchObject([{ text: expect.stringContaining('streaming') }]);
    expect(problems({ interims: false })).toMatchObject([{ options: { interimResults: true } }]);
    const deepgram = { label: 'inference.STT', model: 'deepgram/nova-3' };
    expect(problems({ ...deepgram, options: { interim_results: false } })).toMatchObject([
      { options: { interim_results: true } },
    ]);
    expect(problems({ ...deepgram, options: { endpointing: 300 } })).toMatchObject([
      { text: expect.stringContaining('300 ms'), options: { endpointing: 25 } },
    ]);
    expect(problems({ ...deepgram, options: { endpointing: 10 } })).toEqual([]);
  });

  it.each([
    ['elevenlabs.TTS', 'eleven_turbo_v2_5', 'eleven_flash_v2_5'],
    ['elevenlabs.TTS', 'eleven_multilingual_v2', 'eleven_flash_v2_5'],
    ['inference.TTS', 'elevenlabs/eleven_turbo_v2_5', 'elevenlabs/eleven_flash_v2_5'],
  ])('suggests a faster model than %s %s', (label, model, faster) => {
    expect(problems({ label, model }, unknownTts)).toMatchObject([{ options: { model: faster } }]);
  });

  it('gives no advice for fast models', () => {
    expect(problems({ label: 'elevenlabs.TTS', model: 'eleven_flash_v2_5' }, unknownTts)).toEqual([]);
    expect(problems({ label: 'inference.TTS', model: 'elevenlabs/eleven_flash_v2_5' }, unknownTts)).toEqual(
      [],
    );
    const cartesia = { label: 'inference.TTS', model: 'cartesia/sonic-3' };
    expect(problems({ ...cartesia, options: { max_buffer_delay_ms: 0 } }, unknownTts)).toEqual([]);
  });

  it('warns of a TTS that buffers text', () => {
    const cartesia = { label: 'inference.TTS', model: 'cartesia/sonic-3' };
    expect(problems({ ...cartesia, options: { max_buffer_delay_ms: 3000 } }, unknownTts)).toMatchObject([
      { text: expect.stringContaining('3000 ms'), options: { max_buffer_delay_ms: 0 } },
    ]);
  });

  it.each(['deepgram.STT', 'deepgram.STTv2', 'assemblyai.STT', 'soniox.STT'])(
    'lists the options that affect the gap for %s, which does not expose its options',
    (label) => {
      expect(adviceFor([{ ...eagerStt, label }])).toMatchObject([
        { part: label, isProblem: false, options: expect.any(Object), source: expect.any(String) },
      ]);
    },
  );

  it('unwraps Firstword’s own wrappers, and lists problems first', () => {
    const scriptedTts = new ScriptedTTS(false);
    const advice = adviseVendors({ stt: new EagerSTT(new ScriptedSTT()), tts: new ClauseTTS(scriptedTts) });
    expect(advice.map(({ part }) => part)).toEqual(['scripted-tts']);
    const bare = new inference.STT({
      ...keys,
      model: 'deepgram/nova-3',
      modelOptions: { interim_results: false },
    });
    const both = adviseVendors({ stt: bare, tts: scriptedTts });
    expect(both.map(({ part, isProblem }) => [part, isProblem])).toEqual([
      ['inference.STT', true],
      ['scripted-tts', false],
    ]);
  });

  it('is logged once if it is a problem', () => {
    const warn = vi.spyOn(log(), 'warn').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const parts = { tts: new inference.TTS({ ...keys, model: 'elevenlabs/eleven_turbo_v2_5' }) };
    warnOfVendors(parts);
    warnOfVendors(parts);
    warnOfVendors({ tts: new ScriptedTTS(false) });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[1]).toContain('eleven_turbo_v2_5');
  });
});
