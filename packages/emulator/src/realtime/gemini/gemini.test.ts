import { llm, voice } from '@livekit/agents';
import { describe, expect, it, vi } from 'vitest';
import { transcriptRecognizer } from '../../speech/hear/transcript.js';
import { openRealtimeCall, type RealtimeCallScript, speech } from '../../testing/realtime-call.js';
import type { RealtimeFault } from '../core/faults.js';
import { realtimeProfile } from '../core/profiles.js';

const ASKED = 'What are your opening hours?';
const CALLER = [ASKED, 'Thanks, bye.'].map((text) => ({ text, ms: 800 }));
const until = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 5 });

const openCall = (script: RealtimeCallScript = {}) =>
  openRealtimeCall({
    wire: 'gemini',
    ...script,
    // A short answer: it is played at the pace of speech.
    emulator: {
      recognizer: transcriptRecognizer(CALLER),
      answers: () => 'We open at noon.',
      ...script.emulator,
    },
  });
type Call = Awaited<ReturnType<typeof openCall>>;

const textsOf = (call: Call, role: string) =>
  call.messages.filter((message) => message.role === role).map(({ text }) => text);
const answered = (call: Call, count = 1) =>
  until(() => expect(textsOf(call, 'assistant')).toHaveLength(count));
/** What the plugin says of its first error. The session does not report the errors of this plugin. */
const whyOf = (call: Call) => String((call.pluginErrors[0] as { error?: Error })?.error?.message);
const withFault = (fault: RealtimeFault) =>
  openCall({ emulator: { faults: { rules: [{ fault, nth: [1] }] } } });

describe("LiveKit's Google plugin", () => {
  it('is answered by the receptionist, with the words of both sides and usage', async () => {
    const call = await openRealtimeCall({
      wire: 'gemini',
      emulator: { recognizer: transcriptRecognizer(CALLER) },
    });
    call.microphone.push(speech());
    await answered(call);
    await until(() => expect(textsOf(call, 'user')).toEqual([ASKED]));
    expect(textsOf(call, 'assistant')[0]).toMatch(/open/i);
    expect(call.loudspeaker.loudest).toBeGreaterThan(4000);
    await until(() => expect(call.metrics).toHaveLength(1));
    expect(call.metrics[0]).toMatchObject({
      label: 'google_realtime',
      inputTokenDetails: { audioTokens: 33 },
    });
    expect(call.errors).toEqual([]);
    expect(call.emulator.responses()).toMatchObject([{ wire: 'gemini', status: 'completed' }]);
  });

  it('ends a turn after the silence that is asked for', async () => {
    const call = await openCall({
      model: { realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: 300 } } },
    });
    call.microphone.push(speech({ speechMs: 1000 }));
    await answered(call);
    const [truth] = call.emulator.responses();
    expect(truth!.turnEndAudioMs! - truth!.speechEndAudioMs!).toBe(300);
  });

  it('calls tools and speaks their results', async () => {
    const execute = vi.fn(async () => 'Today is the soup.');
    const special = llm.tool({ name: 'todays_special', description: 'The special of the day.', execute });
    const call = await openCall({
      agent: new voice.Agent({ instructions: 'x', tools: [special] }),
      emulator: {
        answers: ({ messages, tools }) =>
          messages.at(-1)?.role === 'tool'
            ? `Here it is: ${messages.at(-1)!.text}`
            : { text: '', toolCalls: [{ id: 'call_1', name: tools[0]!.name, arguments: '{}' }] },
      },
    });
    call.microphone.push(speech());
    await answered(call);
    expect(execute).toHaveBeenCalledTimes(1);
    expect(textsOf(call, 'assistant')[0]).toContain('Today is the soup');
  });

  it('stops when the caller speaks over an answer', async () => {
    const call = await openCall({
      emulator: { answers: () => 'A long answer with a good many words in it.' },
    });
    call.loudspeaker.isHeld = true;
    call.microphone.push(speech());
    await until(() => expect(call.session.agentState).toBe('speaking'));
    call.microphone.push(speech());
    await until(() => expect(call.emulator.realtimeStats().cancelled).toBe(1));
    await answered(call);
    expect(call.messages.find(({ role }) => role === 'assistant')).toMatchObject({ interrupted: true });
  });

  it('asks for a reply with instructions of its own', async () => {
    const call = await openCall({ emulator: { answers: ({ messages }) => messages.at(-2)!.text } });
    call.session.generateReply({ instructions: 'Greet the caller.' });
    await answered(call);
    expect(textsOf(call, 'assistant')[0]).toContain('Greet the caller.');
  });

  it('writes where the model can, and says that it cannot where it is one of native audio', async () => {
    const call = await openCall({ model: { model: 'gemini-2.0-flash-exp', modalities: ['TEXT'] } });
    call.microphone.push(speech());
    await until(() => expect(call.emulator.responses()).toMatchObject([{ status: 'completed' }]));
    expect(call.loudspeaker.samples).toEqual([]);
    const native = await openCall({ model: { modalities: ['TEXT'] } });
    await until(() => expect(whyOf(native)).toContain('Cannot extract voices'));
  });

  it('resumes the conversation after the session has expired', async () => {
    const seen: string[][] = [];
    const call = await openCall({
      emulator: {
        faults: { rules: [{ fault: { kind: 'session-expires', afterMs: 1500 }, nth: [1] }] },
        answers: ({ messages }) => {
          seen.push(messages.map(({ text }) => text));
          return 'Yes.';
        },
      },
    });
    call.microphone.push(speech());
    await answered(call);
    await until(() => expect(call.emulator.realtimeStats().connections).toBe(2));
    await until(() => expect(call.emulator.realtimeStats().openConnections).toBe(1));
    call.microphone.push(speech());
    await answered(call, 2);
    expect(seen[1]).toEqual(expect.arrayContaining([ASKED, 'Yes.', 'Thanks, bye.']));
  });

  it('ends with an error that says so for a wrong key', async () => {
    const call = await openCall({ emulator: { llm: { requireKey: 'another-key' } } });
    await until(() => expect(whyOf(call)).toContain('API key not valid'));
  });
});

describe('a fault of a response', () => {
  it.each([['silent-generation'], ['never-created']] as const)(
    '%s: nothing is heard, and the next turn is answered',
    async (kind) => {
      const call = await withFault({ kind });
      call.microphone.push(speech());
      await until(() => expect(call.emulator.realtimeStats().faults).toEqual({ [kind]: 1 }));
      expect(call.loudspeaker.samples).toEqual([]);
      call.microphone.push(speech());
      await answered(call);
    },
  );

  it('no-audio: words without sound', async () => {
    const call = await withFault({ kind: 'no-audio' });
    call.microphone.push(speech());
    await until(() => expect(call.emulator.responses()).toMatchObject([{ status: 'completed' }]));
    expect(call.loudspeaker.samples).toEqual([]);
  });

  it('silent-audio: audio that is silence', async () => {
    const call = await withFault({ kind: 'silent-audio' });
    call.microphone.push(speech());
    await answered(call);
    expect(call.loudspeaker.loudest).toBe(0);
  });

  it('audio-stops: the audio stops and the turn is never complete', async () => {
    const call = await withFault({ kind: 'audio-stops', afterMs: 300 });
    call.microphone.push(speech());
    await until(() => expect(call.loudspeaker.loudest).toBeGreaterThan(4000));
    expect(call.emulator.responses()[0]).not.toHaveProperty('status');
  });

  it('late-audio and garbage: the answer comes, later', async () => {
    const call = await openCall({
      emulator: {
        profile: realtimeProfile('instant'),
        faults: {
          rules: [
            { fault: { kind: 'late-audio', delayMs: 120 }, nth: [1] },
            { fault: { kind: 'garbage' }, nth: [2] },
          ],
        },
      },
    });
    call.microphone.push(speech());
    await answered(call);
    const { turnEndedMs, firstContentMs } = call.emulator.responses()[0]!;
    expect(firstContentMs! - turnEndedMs!).toBeGreaterThanOrEqual(119);
    call.microphone.push(speech());
    await answered(call, 2);
    expect(call.errors).toEqual([]);
  });

  it.each([
    ['rate-limited', 'quota'],
    ['server-error', 'Internal error'],
    ['reset', '1006'],
  ] as const)('%s: the plugin says why', async (kind, why) => {
    const call = await withFault({ kind });
    call.microphone.push(speech());
    await until(() => expect(whyOf(call)).toContain(why));
  });
});
