import {
  REALTIME_PROFILES,
  type RealtimeEmulatorOptions,
  startRealtimeEmulator,
  transcriptRecognizer,
} from '@firstword/emulator/realtime';
import { type RealtimeMeasurement, systemClock } from '@firstword/turn';
import { passTimeFast } from '@firstword/turn/testing';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import '../testing/realtime-rig.js';
import { realtimeProbe } from './realtime-probe.js';

const WIRES = ['openai', 'xai', 'gpt-live', 'gemini'] as const;
type Wire = (typeof WIRES)[number];
const { signal } = new AbortController();
const WAIT = { timeout: 10_000, interval: 5 };

beforeEach(() => {
  const stop = passTimeFast(vi);
  return stop;
});

/** A tone of 600 ms at the callers' rate. */
const AUDIO = Int16Array.from({ length: 9600 }, (_, i) => Math.round(8000 * Math.sin(i / 8)));
const PROFILE = {
  ...REALTIME_PROFILES.find(({ name }) => name === 'instant')!,
  generation: { p50Ms: 400, p95Ms: 400 },
  createdMs: 50,
  leadingSilenceMs: 120,
};

async function measure(
  wire: Wire,
  emulated: RealtimeEmulatorOptions = {},
  probed: Partial<Parameters<typeof realtimeProbe>[0]> = {},
) {
  const emulator = await startRealtimeEmulator({
    profile: PROFILE,
    answers: () => 'Yes, of course.',
    recognizer: transcriptRecognizer([{ text: 'Are you open today?', ms: 600 }], { repeats: true }),
    ...emulated,
  });
  onTestFinished(() => emulator.close());
  const probe = realtimeProbe({
    name: `realtime:${wire}`,
    wire,
    server: { baseUrl: emulator.urls[wire], apiKey: 'any' },
    settings: {},
    audio: AUDIO,
    clock: systemClock,
    timeoutMs: 5000,
    ...probed,
  });
  const measured = (await probe.measure({ signal })) as RealtimeMeasurement;
  return { emulator, measured, truth: emulator.responses().at(-1) };
}

describe.each(WIRES)('a line at %s', (wire) => {
  it('has a session, a first audio and a first audible sample, where the emulator put them', async () => {
    const { emulator, measured, truth } = await measure(wire);
    expect(measured.error).toBeUndefined();
    const { startedMs, connectionMs, sessionMs, firstByteMs, firstAudibleMs } = measured;
    expect(connectionMs).toBeGreaterThanOrEqual(0);
    expect(sessionMs).toBeGreaterThanOrEqual(connectionMs!);
    // Time passes only while nothing else happens: no load of this machine is in it.
    expect(startedMs + firstByteMs! - truth!.firstContentMs!).toBeGreaterThanOrEqual(0);
    expect(firstAudibleMs! - firstByteMs!).toBeGreaterThanOrEqual(wire === 'gpt-live' ? 0 : 100);
    await vi.waitFor(
      () => expect(emulator.realtimeStats()).toMatchObject({ openConnections: 0, connections: 1 }),
      WAIT,
    );
  });

  it('says that the key is wrong', async () => {
    const { measured } = await measure(wire, { llm: { requireKey: 'another-key' } });
    expect(measured.error).toMatchObject({ code: 'auth' });
  });

  it('says that nothing answers at its address', async () => {
    const server = { baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'any' };
    const { measured } = await measure(wire, {}, { server });
    expect(measured.error).toMatchObject({ code: 'connect_failed' });
    expect(measured).not.toHaveProperty('sessionMs');
  });

  it('fails where the answer holds no sound', async () => {
    const faults = { rules: [{ fault: { kind: 'silent-generation' as const } }] };
    const { measured } = await measure(wire, { faults });
    expect(measured.error?.code).toMatch(/bad_stream|timeout/);
    expect(measured.error?.message).toMatch(/without an audible sample|nothing audible/);
  });
});

it.each(['openai', 'xai', 'gemini'] as const)('asks %s for the silence that ends the turn', async (wire) => {
  const short = await measure(wire, {}, { settings: { silenceMs: 300 } });
  const long = await measure(wire, {}, { settings: { silenceMs: 900 } });
  const waitMs = ({ truth }: typeof short) => truth!.turnEndAudioMs! - truth!.speechEndAudioMs!;
  expect([waitMs(short), waitMs(long)]).toEqual([300, 900]);
});

it('has what OpenAI reports in between', async () => {
  const { measured } = await measure('openai');
  const { turnEndMs, createdMs, firstByteMs } = measured;
  expect(turnEndMs).toBeGreaterThan(0);
  expect(createdMs).toBeGreaterThanOrEqual(turnEndMs!);
  expect(firstByteMs).toBeGreaterThanOrEqual(createdMs!);
});

it('stops when it is told to, and closes the session', async () => {
  const emulator = await startRealtimeEmulator({ profile: 'instant' });
  onTestFinished(() => emulator.close());
  const probe = realtimeProbe({
    name: 'realtime:openai',
    wire: 'openai',
    server: { baseUrl: emulator.url, apiKey: 'any' },
    settings: {},
    audio: AUDIO,
    clock: systemClock,
    timeoutMs: 60_000,
  });
  const stopping = new AbortController();
  const measuring = probe.measure({ signal: stopping.signal });
  await vi.waitFor(() => expect(emulator.realtimeStats().openConnections).toBe(1), WAIT);
  stopping.abort();
  await expect(measuring).rejects.toMatchObject({ code: 'aborted' });
  await vi.waitFor(() => expect(emulator.realtimeStats().openConnections).toBe(0), WAIT);
});
