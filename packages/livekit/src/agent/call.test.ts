import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpeechToText } from '@firstword/turn';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { ALL_LEVERS, DEFAULT_LEVERS, type Levers, NO_LEVERS } from '../session/levers.js';
import { ScriptedModel, ToneTTS } from '../testing/scripted.js';
import { PhraseCache } from '../tts/phrase-cache.js';
import { type AgentCall, startCall } from './call.js';
import type { StartCallOptions } from './call-options.js';

const calls: AgentCall[] = [];
/** LiveKit runs on real time, so the tests poll with this timeout. */
const WAIT = { timeout: 10_000 };

afterEach(async () => {
  for (const call of calls.splice(0)) await call.close();
});

const deaf: SpeechToText = {
  provider: 'deaf',
  model: 'deaf-1',
  ready: async () => {},
  openStream: () => ({
    push: () => {},
    beginUtterance: () => {},
    hintPause: () => {},
    endUtterance: () => {},
    close: () => {},
  }),
  close: async () => {},
};

/** A call whose caller is silent. */
async function silentCall(options: Partial<StartCallOptions> = {}) {
  const seen: string[] = [];
  const inForce: Levers[] = [];
  const call = await startCall({
    callId: 'call-1',
    stt: deaf,
    llm: new ScriptedModel([{ type: 'text', text: 'Yes.' }]),
    tts: new ToneTTS(),
    sink: { play: () => {}, clear: () => {} },
    instructions: 'x',
    events: {
      onTurn: () => {},
      onAgentState: (state) => seen.push(state),
      onLeversChanged: (levers) => {
        inForce.push(levers);
        seen.push('levers');
      },
      onEnded: (reason) => seen.push(reason),
    },
    ...options,
  });
  calls.push(call);
  return { call, inForce, seen };
}

describe('levers switched while a call runs', () => {
  it('take effect at once when the session is idle, and the call continues', async () => {
    const { call, inForce, seen } = await silentCall();
    call.setLevers(DEFAULT_LEVERS);
    await expect.poll(() => inForce, WAIT).toEqual([DEFAULT_LEVERS]);
    call.setLevers(NO_LEVERS);
    await expect.poll(() => inForce, WAIT).toEqual([DEFAULT_LEVERS, NO_LEVERS]);
    expect(seen).not.toContain('user_initiated');
    await call.close();
    expect(seen.at(-1)).toBe('user_initiated');
  });

  it('may include the filler, on or off', async () => {
    const filler = { phrases: ['Let me see.'], overMs: 800 };
    const { call, inForce } = await silentCall({ filler, levers: { filler: false } });
    call.setLevers({ ...DEFAULT_LEVERS, filler: true });
    await expect.poll(() => inForce, WAIT).toEqual([{ ...DEFAULT_LEVERS, filler: true }]);
  });

  it('wait until the current speech has finished', async () => {
    const { call, seen } = await silentCall({ greeting: 'Good evening!' });
    call.setLevers(DEFAULT_LEVERS);
    await expect.poll(() => seen, WAIT).toContain('levers');
    expect(seen.slice(0, seen.indexOf('levers'))).toEqual(expect.arrayContaining(['speaking', 'listening']));
  });

  it('apply only the latest of several pending changes', async () => {
    const { call, inForce } = await silentCall({ greeting: 'Good evening!' });
    call.setLevers(DEFAULT_LEVERS);
    call.setLevers(ALL_LEVERS);
    await expect.poll(() => inForce, WAIT).toEqual([ALL_LEVERS]);
  });

  it('do not delay closing the call', async () => {
    const { call, inForce } = await silentCall({ greeting: 'Good evening!' });
    call.setLevers(DEFAULT_LEVERS);
    await call.close();
    call.setLevers(ALL_LEVERS);
    expect(inForce).toEqual([]);
  });
});

describe('a call with a phrase cache', () => {
  const greeting = 'Good evening.';

  async function openGreetedCall(phrases: PhraseCache) {
    const toneTts = new ToneTTS();
    let playedSamples = 0;
    const sink = { play: (samples: Int16Array) => (playedSamples += samples.length), clear: () => {} };
    const { call } = await silentCall({ tts: toneTts, sink, greeting, phrases, levers: DEFAULT_LEVERS });
    await expect.poll(() => playedSamples, WAIT).toBeGreaterThan(0);
    return { call, toneTts };
  }

  it('synthesizes its greeting once and plays the cached audio in later calls', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-phrases-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const first = await openGreetedCall(new PhraseCache({ dir }));
    // The cache writes to a temporary file first, so wait for the final name.
    await expect.poll(() => readdir(dir), WAIT).toEqual([expect.stringMatching(/\.phrase$/)]);
    await first.call.close();
    const second = await openGreetedCall(new PhraseCache({ dir }));
    expect(second.toneTts.said).toEqual([]);
  });
});
