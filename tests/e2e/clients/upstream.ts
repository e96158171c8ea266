import { type Emulator, type Fault, type FaultRule, startEmulator } from '@firstword/emulator';
import { type RecordedRequest, startRecordingProxy } from './recording-proxy.js';

/** An emulated provider that records what it is sent. */
export interface RecordedUpstream {
  /** Base URL for OpenAI's clients, ending in `/v1`. */
  baseUrl: string;
  /** Requests since the last `take`. */
  take(): RecordedRequest[];
  stats: Emulator['stats'];
  close(): Promise<void>;
}

/** Models whose requests all fail in one way. */
const FAULTS: Record<string, Fault> = {
  'bad-request': { kind: 'http-error', status: 400, message: 'Unknown field: colour.' },
  'rate-limited': { kind: 'rate-limited', retryAfterSeconds: 7 },
  unavailable: { kind: 'http-error', status: 503 },
  'error-frame': { kind: 'error-frame' },
  'breaks-off': { kind: 'reset', afterPieces: 30 },
};

/** Every model of the suite: `plain`, `slow`, and one for each fault; the same for Anthropic with `claude` in front. */
export const CLIENT_MODELS = ['plain', 'slow', ...Object.keys(FAULTS)];

/** The name of the Anthropic model that does the same. */
export const anthropicName = (model: string): string => (model === 'plain' ? 'claude' : `claude-${model}`);

/** Starts an emulated provider and the recording proxy in front of it. */
export async function startRecordedUpstream(): Promise<RecordedUpstream> {
  const profile = (name: string, model: string, provider: 'openai' | 'anthropic') => ({
    name,
    provider,
    ttft: { p50Ms: 20, p95Ms: 20, maxMs: 20 },
    source: 'synthetic: for tests',
    tokensPerSecond: model === 'slow' ? 8 : 2_000,
  });
  const rules = Object.entries(FAULTS).flatMap(([model, fault]): FaultRule[] => [
    { fault, profile: model },
    { fault, profile: anthropicName(model) },
  ]);
  const emulator = await startEmulator({
    seed: 3,
    strict: true,
    today: '2026-11-30',
    promptCache: false,
    profiles: CLIENT_MODELS.flatMap((model) => [
      profile(model, model, 'openai'),
      profile(anthropicName(model), model, 'anthropic'),
    ]),
    faults: { rules },
  });
  const proxy = await startRecordingProxy(emulator.origin);
  return {
    baseUrl: `${proxy.origin}/v1`,
    take: proxy.take,
    stats: emulator.stats,
    async close() {
      await proxy.close();
      await emulator.close();
    },
  };
}
