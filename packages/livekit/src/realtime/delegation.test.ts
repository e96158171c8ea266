import { type RealtimeFault, transcriptRecognizer } from '@firstword/emulator/realtime';
import { type llm, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';
import { expect, it, vi } from 'vitest';
import { FirstwordLLM } from '../llm/llm.js';
import { AgentSession } from '../session/agent-session.js';
import { openRealtimeCall } from '../testing/realtime-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';

const WAIT = { timeout: 8000, interval: 5 };
const ANSWER = 'Yes, until eleven.';

/** An agent that notes what its own logic is asked. */
class Receptionist extends voice.Agent {
  readonly seen: string[] = [];
  constructor() {
    super({ instructions: 'Be brief.' });
  }
  override async onUserTurnCompleted(_chatCtx: llm.ChatContext, message: llm.ChatMessage): Promise<void> {
    this.seen.push(message.textContent ?? '');
  }
}

/** A call in which GPT-Live hands its work to an LLM. @param lines what the caller says, one line per stretch of speech */
async function openDelegatedCall(lines: readonly { text: string; ms: number }[], fault?: RealtimeFault) {
  const model = new ScriptedModel([text(ANSWER)]);
  const agent = new Receptionist();
  const call = await openRealtimeCall({
    wire: 'gpt-live',
    agent,
    emulator: {
      recognizer: transcriptRecognizer(lines),
      ...(fault ? { faults: { rules: [{ fault, nth: [1] }] } } : {}),
    },
    session: (live) => {
      // The rig's model delegates to its provider.
      const { model: name, _opts } = live as openai.realtime.GPTLiveModel;
      const { apiKey, baseURL } = _opts;
      return new AgentSession({
        llm: new openai.realtime.GPTLiveModel({ model: name, apiKey, baseURL, delegation: 'client' }),
        vad: null,
        aecWarmupDuration: null,
        turnHandling: { turnDetection: 'realtime_llm' },
        firstword: { answerWith: new FirstwordLLM(model) },
      });
    },
  });
  await vi.waitFor(() => expect(call.emulator.realtimeStats().connections).toBe(1), WAIT);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const heard: string[] = [];
  call.session.on(voice.AgentSessionEventTypes.UserInputTranscribed, ({ transcript, isFinal }) => {
    if (isFinal) heard.push(transcript);
  });
  /** Speech, and then silence in which LiveKit's plugin takes the words for over. */
  const sayAndPause = async () => {
    const before = heard.length;
    call.say({ silenceMs: 200 });
    // The words are on their way before the silence is.
    await new Promise((resolve) => setTimeout(resolve, 200));
    call.say({ speechMs: 0, silenceMs: 900 });
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before), WAIT);
  };
  return { ...call, model, agent, sayAndPause };
}

const userTextsOf = (model: ScriptedModel, request: number) =>
  model.asked[request]!.messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []));

it('asks the agent’s logic and the LLM once, with the caller’s words', async () => {
  const call = await openDelegatedCall([{ text: 'Are you open today?', ms: 600 }]);
  call.say();
  await vi.waitFor(() => expect(call.records).toHaveLength(1), WAIT);
  expect(call.agent.seen).toEqual(['Are you open today?']);
  expect(userTextsOf(call.model, 0)).toEqual(['Are you open today?']);
  expect(call.records[0]).toMatchObject({ outcome: 'answered' });
  expect(call.records[0]!.segments.map(({ name }) => name)).toContain('tools');
});

it('asks with the words that the plugin took for over before GPT-Live handed them over', async () => {
  // After a sentence that is not complete, the emulated GPT-Live waits for two seconds.
  const call = await openDelegatedCall([{ text: 'I would like to', ms: 600 }]);
  await call.sayAndPause();
  call.say({ speechMs: 0, silenceMs: 1000 });
  await vi.waitFor(() => expect(call.model.asked).toHaveLength(1), WAIT);
  expect(call.agent.seen).toEqual(['I would like to']);
  expect(userTextsOf(call.model, 0)).toEqual(['I would like to']);
});

it('asks with both parts of a turn that has a pause in it', async () => {
  const call = await openDelegatedCall([{ text: 'I would like to book a table.', ms: 1800 }]);
  await call.sayAndPause();
  call.say({ speechMs: 800 });
  await vi.waitFor(() => expect(call.model.asked).toHaveLength(1), WAIT);
  expect(call.agent.seen).toEqual(['I would like to book a table.']);
});

it('does not ask again what has been answered', async () => {
  const call = await openDelegatedCall([
    { text: 'Are you open today?', ms: 600 },
    { text: 'And tomorrow?', ms: 600 },
  ]);
  call.say();
  await vi.waitFor(() => expect(call.records).toHaveLength(1), WAIT);
  call.say();
  await vi.waitFor(() => expect(call.agent.seen).toHaveLength(2), WAIT);
  expect(call.agent.seen).toEqual(['Are you open today?', 'And tomorrow?']);
});

it('asks with all of a turn whose caller goes on before the answer is heard', async () => {
  const lines = [
    { text: 'Are you open today?', ms: 600 },
    { text: 'I mean tomorrow.', ms: 600 },
  ];
  const call = await openDelegatedCall(lines, { kind: 'late-audio', delayMs: 10_000 });
  call.say({ silenceMs: 1200 });
  await vi.waitFor(() => expect(call.model.asked).toHaveLength(1), WAIT);
  await new Promise((resolve) => setTimeout(resolve, 500));
  call.say();
  await vi.waitFor(() => expect(call.agent.seen).toHaveLength(2), WAIT);
  expect(call.agent.seen[1]).toBe('Are you open today? I mean tomorrow.');
});
