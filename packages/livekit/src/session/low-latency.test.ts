import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inference, initializeLogger, voice } from '@livekit/agents';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FirstwordLLM } from '../llm/llm.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { ScriptedModel, ScriptedSTT, ToneTTS } from '../testing/scripted.js';
import { ScriptedTTS } from '../testing/scripted-tts.js';
import { ClauseTTS } from '../tts/clause-tts.js';
import { LocalTTS } from '../tts/local-tts.js';
import { PhraseCache } from '../tts/phrase-cache.js';
import { type Levers, NO_LEVERS } from './levers.js';
import { attachLowLatency, lowLatency } from './low-latency.js';
import { ttsPart } from './vendors/part.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

function options(levers?: Partial<Levers>) {
  const parts = {
    stt: new ScriptedSTT(),
    llm: new FirstwordLLM(new ScriptedModel()),
    tts: new LocalTTS(new ToneTTS()),
    vad: new inference.VAD(),
  };
  return { parts, made: lowLatency({ ...parts, ...(levers ? { levers } : {}) }) };
}

/** The options as LiveKit resolves them. */
const resolved = (made: voice.AgentSessionOptions) => new voice.AgentSession(made).sessionOptions;

describe('lowLatency', () => {
  it('turns on every default lever', () => {
    const { made } = options();
    expect(made.stt).toBeInstanceOf(EagerSTT);
    expect(made.tts).toBeInstanceOf(ClauseTTS);
    expect(made.turnHandling).toMatchObject({
      endpointing: { minDelay: 256, maxDelay: 256 },
      interruption: { falseInterruptionTimeout: 1_000 },
      preemptiveGeneration: { preemptiveTts: true, maxRetries: 1_000 },
    });
  });

  it('changes nothing with every lever off', () => {
    const { parts, made } = options({ ...NO_LEVERS });
    expect(made).toEqual(parts);
    expect(resolved(made).turnHandling).toMatchObject({
      endpointing: { minDelay: 300, maxDelay: 2500 },
      preemptiveGeneration: { enabled: true, preemptiveTts: false, maxRetries: 3 },
    });
  });

  it('switches each lever independently', () => {
    expect(options({ speculation: false }).made.stt).toBeInstanceOf(ScriptedSTT);
    expect(options({ clause: false }).made.tts).toBeInstanceOf(ClauseTTS);
    const { endpointing } = resolved(options({ endpointing: false }).made).turnHandling;
    expect(endpointing).toMatchObject({ minDelay: 300 });
  });

  it('keeps what the user has set', () => {
    const { parts } = options();
    const own = {
      ...parts,
      userAwayTimeout: 30,
      aecWarmupDuration: 500,
      ttsTextTransforms: null,
      connOptions: { maxUnrecoverableErrors: 7 },
      turnHandling: {
        turnDetection: 'vad' as const,
        interruption: { mode: 'adaptive' as const, minWords: 2 },
        preemptiveGeneration: { maxRetries: 5 },
      },
    };
    const made = lowLatency(own);
    expect(made).toMatchObject({
      userAwayTimeout: 30,
      aecWarmupDuration: 500,
      ttsTextTransforms: null,
      connOptions: { maxUnrecoverableErrors: 7 },
      vad: parts.vad,
    });
    expect(made.turnHandling).toEqual({
      turnDetection: 'vad',
      interruption: { mode: 'adaptive', minWords: 2 },
      preemptiveGeneration: { maxRetries: 5, maxSpeechDuration: 120_000, preemptiveTts: true },
    });
  });

  it('accepts LiveKit Inference model names, as AgentSession does', () => {
    vi.stubEnv('LIVEKIT_API_KEY', 'key').stubEnv('LIVEKIT_API_SECRET', 'secret');
    onTestFinished(() => void vi.unstubAllEnvs());
    const made = lowLatency({
      stt: 'deepgram/nova-3:en',
      llm: 'openai/gpt-4o-mini',
      tts: 'cartesia/sonic-3',
    });
    expect((made.stt as EagerSTT).inner).toBeInstanceOf(inference.STT);
    expect((made.stt as EagerSTT).model).toBe('deepgram/nova-3');
    expect(made.llm).toBeInstanceOf(inference.LLM);
    const wrappedTts = (made.tts as ClauseTTS).wrapped.tts;
    expect(wrappedTts.model).toBe('cartesia/sonic-3');
    expect(ttsPart(wrappedTts).options).toEqual({ max_buffer_delay_ms: 0 });
  });

  it('caches the greeting audio on disk as soon as it is attached', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const tts = new ScriptedTTS(true);
    const phrases = { cache: new PhraseCache({ dir }), texts: ['Good evening!'], voice: 'a' };
    const session = new voice.AgentSession(lowLatency({ ...options().parts, tts, phrases }));
    onTestFinished(attachLowLatency(session));
    await expect.poll(() => readdir(dir), { timeout: 10_000 }).toEqual([expect.stringMatching(/\.phrase$/)]);
    expect(tts.said).toEqual(['Good evening!']);
  });
});
