import { llm, voice } from '@livekit/agents';
import type { realtime } from '@livekit/agents-plugin-openai';
import { describe, expect, it, vi } from 'vitest';
import { transcriptRecognizer } from '../../speech/hear/transcript.js';
import { openRealtimeCall, type RealtimeCallScript, speech } from '../../testing/realtime-call.js';
import type { RealtimeFault } from '../core/faults.js';

const ASKED = 'What are your opening hours?';
const CALLER = [ASKED, 'Thanks, bye.'].map((text) => ({ text, ms: 800 }));
const until = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 5 });

const openCall = (script: RealtimeCallScript = {}) =>
  openRealtimeCall({
    wire: 'gpt-live',
    ...script,
    emulator: { recognizer: transcriptRecognizer(CALLER), answers: () => 'Yes, we are.', ...script.emulator },
  });
type Call = Awaited<ReturnType<typeof openCall>>;

const textsOf = (call: Call, role: string) =>
  call.messages.filter((message) => message.role === role).map(({ text }) => text.trim());
const ofType = (call: Call, type: string) => call.received.filter((event) => event.type === type);
const answered = (call: Call, count = 1) =>
  until(() => expect(textsOf(call, 'assistant')).toHaveLength(count));
const withFault = (fault: RealtimeFault) =>
  openCall({ emulator: { faults: { rules: [{ fault, nth: [1] }] } } });
const started = (call: Call) => until(() => expect(ofType(call, 'session.started')).toHaveLength(1));

const say = (call: Call) => call.microphone.push(speech());

describe("LiveKit's GPT-Live plugin", () => {
  it('is answered, with the words of both sides and the duration of the session', async () => {
    const call = await openCall();
    await started(call);
    say(call);
    await answered(call);
    // LiveKit's plugin ends the caller's words after 800 ms without more.
    call.microphone.push(speech({ speechMs: 0, silenceMs: 1000 }));
    await until(() => expect(textsOf(call, 'user')).toEqual([ASKED]));
    expect(textsOf(call, 'assistant')).toEqual(['Yes, we are.']);
    expect(call.loudspeaker.loudest).toBeGreaterThan(4000);
    expect(call.metrics.some(({ sessionDurationMs }) => Number(sessionDurationMs) > 0)).toBe(true);
    expect(call.errors).toEqual([]);
    expect(call.emulator.responses()).toMatchObject([{ wire: 'gpt-live', status: 'completed' }]);
  });

  it('sends audio at the pace of the call, silence included', async () => {
    const call = await openCall();
    await started(call);
    await until(() => expect(ofType(call, 'session.output_audio.delta').length).toBeGreaterThan(5));
    expect(call.loudspeaker.samples).toEqual([]);
    expect(Buffer.from(String(ofType(call, 'session.output_audio.delta')[0]!.delta), 'base64')).toHaveLength(
      1920,
    );
  });

  it('hands tools to the backend, and speaks what comes of them', async () => {
    const execute = vi.fn(async () => 'It is the soup.');
    const special = llm.tool({ name: 'todays_special', description: 'The special of the day.', execute });
    const call = await openCall({
      agent: new voice.Agent({ instructions: 'x', tools: [special] }),
      emulator: {
        answers: ({ messages }) =>
          messages.at(-1)?.role === 'tool'
            ? messages.at(-1)!.text
            : { text: '', toolCalls: [{ id: 'call_1', name: 'todays_special', arguments: '{}' }] },
      },
    });
    await started(call);
    say(call);
    await answered(call);
    expect(execute).toHaveBeenCalledTimes(1);
    expect(textsOf(call, 'assistant')[0]).toContain('It is the soup.');
    expect(ofType(call, 'session.delegation.created')).toMatchObject([
      { delegation: { target: 'responses' } },
    ]);
  });

  it('hands the work to the client, and speaks what it answers', async () => {
    const agent = new voice.Agent({ instructions: 'x' });
    const call = await openCall({ agent, model: { delegation: 'client' } });
    await started(call);
    const session = agent.duplexSession as realtime.GPTLiveSession;
    const asked: string[] = [];
    session.on('delegation_created', ({ id, pendingTranscript }) => {
      asked.push(pendingTranscript);
      session.appendCommentary('At nine.', { delegationId: id });
    });
    say(call);
    await answered(call);
    expect(asked).toEqual([ASKED]);
    expect(textsOf(call, 'assistant')).toEqual(['At nine.']);
    const [truth] = call.emulator.responses();
    expect(truth!.firstContentMs! - truth!.delegatedMs!).toBeGreaterThanOrEqual(0);
  });

  it('speaks when it is asked to', async () => {
    const call = await openCall({ emulator: { answers: ({ messages }) => messages.at(-1)!.text.slice(-6) } });
    await started(call);
    call.session.generateReply({ instructions: 'Greet the caller: Hello.' });
    await answered(call);
    expect(textsOf(call, 'assistant')).toEqual(['Hello.']);
  });

  it('stops when the caller speaks over it', async () => {
    const call = await openCall({
      emulator: {
        answers: ({ response }) => (response === 1 ? 'A very long answer with many words.' : 'Bye.'),
      },
    });
    await started(call);
    say(call);
    await until(() => expect(call.loudspeaker.loudest).toBeGreaterThan(4000));
    say(call);
    await until(() => expect(textsOf(call, 'assistant').join(' ')).toContain('Bye.'));
    expect(call.emulator.realtimeStats().cancelled).toBe(1);
    expect(textsOf(call, 'assistant').join(' ')).not.toContain('words.');
  });

  it('goes on with the conversation after the session has expired', async () => {
    const call = await openCall({
      emulator: {
        faults: { rules: [{ fault: { kind: 'session-expires', afterMs: 3000 }, nth: [1] }] },
        answers: ({ messages }) => `${messages.filter(({ role }) => role === 'user').length}.`,
      },
    });
    await started(call);
    say(call);
    await answered(call);
    await until(() => expect(ofType(call, 'session.started')).toHaveLength(2));
    expect(ofType(call, 'session.closed')).toMatchObject([{ reason: 'expired' }]);
    say(call);
    await answered(call, 2);
    expect(textsOf(call, 'assistant')).toEqual(['1.', '2.']);
  });

  it('ends with an error for a wrong key', async () => {
    const call = await openCall({ emulator: { llm: { requireKey: 'another-key' } } });
    await until(() => expect(call.errors.length).toBeGreaterThan(0));
    expect(call.errors.at(-1)).toMatchObject({ recoverable: false });
  });
});

describe('a fault of a response', () => {
  it.each([['silent-generation'], ['never-created'], ['rate-limited'], ['server-error']] as const)(
    '%s: nothing is heard, and the next turn is answered',
    async (kind) => {
      const call = await withFault({ kind });
      await started(call);
      say(call);
      await until(() => expect(call.emulator.realtimeStats().faults).toEqual({ [kind]: 1 }));
      say(call);
      await answered(call);
      expect(call.emulator.responses()).toHaveLength(2);
    },
  );

  it('no-audio: words without sound', async () => {
    const call = await withFault({ kind: 'no-audio' });
    await started(call);
    say(call);
    await until(() => expect(call.emulator.responses()).toMatchObject([{ status: 'completed' }]));
    expect(ofType(call, 'session.output_transcript.delta').length).toBeGreaterThan(0);
    expect(call.loudspeaker.loudest).toBe(0);
  });

  it('audio-stops: the output stops in the middle of a word', async () => {
    const call = await withFault({ kind: 'audio-stops', afterMs: 120 });
    await started(call);
    say(call);
    await until(() => expect(call.loudspeaker.samples).toHaveLength(1));
    expect(call.loudspeaker.samples[0]).toBeLessThan(24_000 / 4);
    expect(call.emulator.responses()[0]).not.toHaveProperty('status');
  });

  it('garbage: unknown and malformed events change nothing', async () => {
    const call = await withFault({ kind: 'garbage' });
    await started(call);
    say(call);
    await answered(call);
    expect(call.errors).toEqual([]);
  });

  it('reset: the plugin reconnects, and the next turn is answered', async () => {
    const call = await withFault({ kind: 'reset' });
    await started(call);
    say(call);
    await until(() => expect(ofType(call, 'session.started')).toHaveLength(2));
    say(call);
    await answered(call);
  });
});

it('sends the words that an engine finds only at the end of the turn', async () => {
  const recognizer = {
    openStream: () => ({
      push: () => {},
      speechStarted: () => {},
      speechPaused: () => {},
      heard: () => [],
      endSegment: async () => [{ text: 'Hello.', startMs: 0, endMs: 800 }],
      close: () => {},
    }),
  };
  const call = await openCall({ emulator: { recognizer } });
  await started(call);
  call.microphone.push(speech({ silenceMs: 2500 }));
  await answered(call);
  expect(ofType(call, 'session.input_transcript.delta')).toMatchObject([{ delta: 'Hello.' }]);
});
