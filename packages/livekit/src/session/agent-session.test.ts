import { inference, initializeLogger, llm, voice } from '@livekit/agents';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { activityParts, activityTurnDetection } from '../internals/session-activity.js';
import { FirstwordLLM } from '../llm/llm.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { PromptVAD } from '../stt/prompt-vad.js';
import { ScriptedModel, ScriptedSTT, ScriptedVAD, text } from '../testing/scripted.js';
import { ScriptedTTS } from '../testing/scripted-tts.js';
import { PushAudioInput } from '../transport/audio-input.js';
import { PacedAudioOutput } from '../transport/audio-output.js';
import { AgentSession, type AgentSessionOptions } from './agent-session.js';
import { DelayedTurnDetector } from './end-of-turn.js';
import type { Levers } from './levers.js';

// LiveKit's own parts, which a test's table makes, need a logger.
initializeLogger({ pretty: false, level: 'silent' });

/** An LLM that LiveKit's plugins could be: no Firstword part. */
const anyLlm = () => new FirstwordLLM(new ScriptedModel([text('Hello.')]));

/** A speech-to-speech model that detects turns itself. */
class ScriptedRealtime extends llm.RealtimeModel {
  constructor() {
    super({
      messageTruncation: false,
      turnDetection: true,
      userTranscription: true,
      autoToolReplyGeneration: false,
      audioOutput: true,
      manualFunctionCalls: false,
    });
  }

  override get model(): string {
    return 'scripted-realtime';
  }

  override session(): llm.RealtimeSession {
    return new ScriptedRealtimeSession(this);
  }

  override async close(): Promise<void> {}
}

class ScriptedRealtimeSession extends llm.RealtimeSession {
  override readonly chatCtx = llm.ChatContext.empty();
  override readonly tools = llm.ToolContext.empty();
  override async updateInstructions(): Promise<void> {}
  override async updateChatCtx(): Promise<void> {}
  override async updateTools(): Promise<void> {}
  override updateOptions(): void {}
  override pushAudio(): void {}
  override async generateReply(): Promise<never> {
    throw new Error('says nothing');
  }
  override async commitAudio(): Promise<void> {}
  override async clearAudio(): Promise<void> {}
  override async interrupt(): Promise<void> {}
  override async truncate(): Promise<void> {}
}

/** A TTS that takes markup, for `expressive`. */
const withMarkup = () =>
  new inference.TTS({
    model: 'cartesia/sonic-3',
    apiKey: 'key',
    apiSecret: 'secret',
    baseURL: 'http://127.0.0.1:1',
  });

/** Starts a session; it is closed when the test ends. */
async function started(options: AgentSessionOptions, agent = new voice.Agent({ instructions: 'x' })) {
  const session = new AgentSession(options);
  session.input.audio = new PushAudioInput();
  session.output.audio = new PacedAudioOutput({ sink: { play: () => {}, clear: () => {} } });
  await session.start({ agent });
  onTestFinished(() => session.close());
  return session;
}

const parts = () => ({ stt: new ScriptedSTT(), llm: anyLlm(), tts: new ScriptedTTS(true) });

const reasons = (session: AgentSession) =>
  Object.fromEntries(session.levers.map(({ lever, state, reason }) => [lever, reason ?? state])) as Record<
    keyof Levers,
    string
  >;

describe('AgentSession', () => {
  it('is LiveKit’s session, with LiveKit’s fields showing the user’s own parts', async () => {
    const parts = {
      vad: new ScriptedVAD(),
      stt: new ScriptedSTT(),
      llm: anyLlm(),
      tts: new ScriptedTTS(true),
    };
    const session = await started(parts);
    expect(session).toBeInstanceOf(voice.AgentSession);
    expect(session).toMatchObject(parts);
  });

  it('waits with Firstword’s detector where LiveKit would take its local model', async () => {
    const session = await started(parts());
    expect(activityTurnDetection(session)).toBeInstanceOf(DelayedTurnDetector);
    expect(session._activity?.vad).toBeInstanceOf(PromptVAD);
    expect(session._activity?.endpointingOpts).toMatchObject({ minDelay: 256, maxDelay: 256 });
    expect(session.turnDetection).not.toBeInstanceOf(DelayedTurnDetector);
    expect(session.vad).not.toBeInstanceOf(PromptVAD);
  });

  it.each<[string, NonNullable<voice.AgentOptions<unknown>['turnHandling']>]>([
    ['vad', { turnDetection: 'vad' } as never],
    ['stt', { turnDetection: 'stt' } as never],
    ['manual', { turnDetection: 'manual' } as never],
    ['a detector', { turnDetection: new inference.TurnDetector({ version: 'v1-mini' }) } as never],
    ['delays', { endpointing: { minDelay: 900 } } as never],
  ])('leaves the turn handling of an agent alone: %s', async (_name, turnHandling) => {
    const session = await started(parts(), new voice.Agent({ instructions: 'x', turnHandling }));
    const livekit = new voice.AgentSession(parts());
    await livekit.start({ agent: new voice.Agent({ instructions: 'x', turnHandling }) });
    onTestFinished(() => livekit.close());
    expect(session._activity?.endpointingOpts).toEqual(livekit._activity?.endpointingOpts);
    expect(activityTurnDetection(session)).not.toBeInstanceOf(DelayedTurnDetector);
    expect(session._activity?.vad).not.toBeInstanceOf(PromptVAD);
    expect(reasons(session).endpointing).toMatch(/agent/);
  });

  it('leaves the turn handling alone that updateOptions sets', async () => {
    const session = await started(parts());
    session.updateOptions({ turnHandling: { turnDetection: 'vad' } });
    expect(session._activity?.endpointingOpts).toMatchObject({ minDelay: 300, maxDelay: 2500 });
    expect(activityTurnDetection(session)).not.toBeInstanceOf(DelayedTurnDetector);
    expect(reasons(session).endpointing).toMatch(/updateOptions/);
  });

  it('leaves a realtime model of the agent alone', async () => {
    const session = await started({}, new voice.Agent({ instructions: 'x', llm: new ScriptedRealtime() }));
    expect(activityTurnDetection(session)).not.toBeInstanceOf(DelayedTurnDetector);
    expect(reasons(session).endpointing).toMatch(/realtime/);
  });

  it('waits with the turn detector of LiveKit Cloud where LiveKit would take that', async () => {
    vi.stubEnv('LIVEKIT_API_KEY', 'key').stubEnv('LIVEKIT_API_SECRET', 'secret');
    vi.stubEnv('LIVEKIT_REMOTE_EOT_URL', '')
      .stubEnv('LIVEKIT_DEV_MODE', '1')
      .stubEnv('LIVEKIT_INFERENCE_URL', 'http://127.0.0.1:1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const session = new AgentSession({ stt: new ScriptedSTT(), llm: anyLlm() });
    expect(session.turnDetection).toMatchObject({ model: 'turn-detector-v1' });
    expect(reasons(session).endpointing).toBe('on');
  });

  it('waits with a turn detector of LiveKit that the user has set', async () => {
    const turnDetection = new inference.TurnDetector({ version: 'v1-mini' });
    const session = await started({ ...parts(), turnHandling: { turnDetection } });
    expect(session.turnDetection).toBe(turnDetection);
    expect(activityTurnDetection(session)).toMatchObject({ inner: turnDetection });
    expect(activityTurnDetection(session)).toBeInstanceOf(DelayedTurnDetector);
  });

  it.each<[string, AgentSessionOptions]>([
    ['with the lever off', { firstword: { levers: { endpointing: false } } }],
    ['with delays of the user', { turnHandling: { endpointing: { minDelay: 900 } } }],
  ])('leaves the turn detector to LiveKit %s', async (_name, options) => {
    const session = await started({ ...parts(), ...options });
    expect(session.turnDetection).toBeInstanceOf(inference.TurnDetector);
    expect(activityTurnDetection(session)).toBe(session.turnDetection);
    expect(session._activity?.vad).toBe(session.vad);
    const { firstword: _own, ...given } = options;
    const livekit = new voice.AgentSession({ ...parts(), ...given });
    await livekit.start({ agent: new voice.Agent({ instructions: 'x' }) });
    onTestFinished(() => livekit.close());
    expect(session._activity?.endpointingOpts).toEqual(livekit._activity?.endpointingOpts);
  });

  it.each<[AgentSessionOptions, Partial<Record<keyof Levers, RegExp | string>>]>([
    [{}, { speculation: /no LLM/, clause: /no TTS/, trimSilence: /no TTS/ }],
    [
      { llm: anyLlm(), stt: new ScriptedSTT() },
      { speculation: 'on', preemptiveTts: /no TTS/ },
    ],
    [
      { turnHandling: { turnDetection: 'manual' } },
      { speculation: /manual/, endpointing: /turnDetection is set/ },
    ],
    [{ turnHandling: { turnDetection: 'stt' } }, { endpointing: /the STT decides/ }],
    [{ turnHandling: { endpointing: { minDelay: 900 } } }, { endpointing: /endpointing is set/ }],
    [
      { turnHandling: { preemptiveGeneration: { enabled: false } } },
      { speculation: /preemptiveGeneration is off/ },
    ],
    [{ vad: null }, { endpointing: /VAD/ }],
    [
      { tts: withMarkup(), expressive: true },
      { clause: /expressive/, trimSilence: /expressive/ },
    ],
    [
      { tts: new ScriptedTTS(true), expressive: true },
      { clause: 'on', trimSilence: 'on' },
    ],
    [
      { firstword: { levers: { clause: false } }, tts: new ScriptedTTS(true) },
      { clause: 'off', trimSilence: 'on' },
    ],
  ])('says which levers are idle and why: %j', async (options, expected) => {
    const found = reasons(await started(options));
    for (const [lever, reason] of Object.entries(expected))
      expect(found[lever as keyof Levers]).toMatch(reason ?? '');
  });

  it.each([
    [{ endpointing: 'hasty' as never }, /endpointing preset "hasty".*quick/s],
    [{ endpointing: { cutOffCostMs: 0 } }, /endpointing.cutOffCostMs is 0; use more than 0/],
    [{ endpointing: { minDelayMs: -5 } }, /endpointing.minDelayMs is -5; use 0 or more/],
    [{ endpointing: { minDelayMs: Number.NaN } }, /minDelayMs is NaN/],
    [{ endpointing: { sure: 2 } as never }, /no endpointing option "sure"/],
    [{ endpointing: { maxDelayMs: 200 } }, /minDelayMs is 256; use at most endpointing.maxDelayMs \(200\)/],
    [{ speculation: { maxPerTurn: -1 } }, /speculation.maxPerTurn is -1/],
    [{ filler: { phrases: ['Hm.'], overMs: -1 } }, /filler.overMs is -1/],
    [{ levers: { clauses: false } as never }, /clauses.*clause/],
    [{ lever: { clause: false } } as never, /no option of firstword "lever".*levers/],
    [true as never, /firstword is true; use an object/],
    [{ speculation: { minConf: 0.5 } as never }, /no speculation option "minConf".*minConfidence/],
    [{ filler: { phrase: ['x'], overMs: 3 } as never }, /filler.phrases is undefined/],
    [{ levers: { clause: 'no' } as never }, /levers.clause is no; use true or false/],
    [{ records: 5 as never }, /records is 5; use a folder/],
  ])('refuses options out of their range: %j', (firstword, message) => {
    expect(() => new AgentSession({ firstword })).toThrow(message);
  });

  it('leaves a realtime model alone', async () => {
    const session = await started({ llm: new ScriptedRealtime() });
    expect(activityParts(session).llm).toBe(session.llm);
    expect(session.vad).not.toBeInstanceOf(PromptVAD);
    expect(reasons(session)).toMatchObject({
      speculation: expect.stringMatching(/realtime/),
      preemptiveTts: expect.stringMatching(/realtime/),
      endpointing: expect.stringMatching(/realtime/),
      clause: 'the realtime model speaks itself',
    });
  });

  it('has no lever but leaves the text in a text-only session', async () => {
    const textOnly = vi.spyOn(voice.AgentSession.prototype, '_textOnly', 'get').mockReturnValue(true);
    onTestFinished(() => void textOnly.mockRestore());
    const session = await started({ stt: new ScriptedSTT(), llm: anyLlm(), tts: new ScriptedTTS(true) });
    expect(new Set(Object.values(reasons(session)))).toEqual(
      new Set(['the session has no audio input', 'the session has no audio output']),
    );
  });

  it('may be started again after it has closed, as LiveKit’s may', async () => {
    const session = await started({
      stt: new ScriptedSTT(),
      llm: anyLlm(),
      tts: new ScriptedTTS(true),
      vad: new ScriptedVAD(),
    });
    await session.close();
    await session.start({ agent: new voice.Agent({ instructions: 'x' }) });
    expect(activityParts(session).stt).toBeInstanceOf(EagerSTT);
  });

  it('leaves no listener on the user’s parts when it has closed', async () => {
    const parts = {
      stt: new ScriptedSTT(),
      llm: anyLlm(),
      tts: new ScriptedTTS(true),
      vad: new ScriptedVAD(),
    };
    const counts = () =>
      [parts.stt, parts.llm, parts.tts].map((part) => part.listenerCount('metrics_collected'));
    for (let call = 0; call < 3; call++) {
      const session = new AgentSession({ ...parts, firstword: { prepare: () => {} } });
      await session.start({ agent: new voice.Agent({ instructions: 'x' }) });
      await session.close();
    }
    expect(counts()).toEqual([0, 0, 0]);
    expect(parts.tts.listenerCount('error')).toBe(1);
  });
});
