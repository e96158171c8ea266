import { llm, voice } from '@livekit/agents';
import { describe, expect, it, vi } from 'vitest';
import { transcriptRecognizer } from '../../speech/hear/transcript.js';
import { openRealtimeCall, type RealtimeCallScript, speech } from '../../testing/realtime-call.js';

const ASKED = 'What are your opening hours?';
const CALLER = [ASKED, 'Thanks, bye.'].map((text) => ({ text, ms: 800 }));
const until = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 5 });

const openCall = (script: RealtimeCallScript = {}) =>
  openRealtimeCall({
    wire: 'xai',
    ...script,
    emulator: { recognizer: transcriptRecognizer(CALLER), ...script.emulator },
  });
type Call = Awaited<ReturnType<typeof openCall>>;

const textsOf = (call: Call, role: string) =>
  call.messages.filter((message) => message.role === role).map(({ text }) => text);
const ofType = (call: Call, type: string) => call.received.filter((event) => event.type === type);
const answered = (call: Call, count = 1) =>
  until(() => expect(textsOf(call, 'assistant')).toHaveLength(count));

describe("LiveKit's xAI plugin", () => {
  it('is answered by the receptionist, with the words of both sides', async () => {
    const call = await openCall();
    call.microphone.push(speech());
    await answered(call);
    await until(() => expect(textsOf(call, 'user')).toEqual([ASKED]));
    expect(textsOf(call, 'assistant')[0]).toMatch(/open/i);
    expect(call.loudspeaker.loudest).toBeGreaterThan(4000);
    expect(call.received[0]).toMatchObject({ type: 'conversation.created' });
    expect(call.errors).toEqual([]);
    expect(call.emulator.responses()).toMatchObject([{ wire: 'xai', status: 'completed' }]);
  });

  it('is told where no turn ended, and the words while they are said, each time whole', async () => {
    const call = await openCall();
    call.microphone.push(speech());
    await answered(call);
    expect(ofType(call, 'input_audio_buffer.speech_stopped')[0]).not.toHaveProperty('audio_end_ms');
    const type = 'conversation.item.input_audio_transcription.completed';
    await until(() => expect(ofType(call, type).at(-1)).toMatchObject({ status: 'completed' }));
    const partial = ofType(call, type).filter(({ status }) => status === 'in_progress');
    expect(partial.map(({ transcript }) => ASKED.startsWith(String(transcript)))).not.toContain(false);
    expect(partial.length).toBeGreaterThan(1);
  });

  it('goes on with the same item when the caller speaks before the answer has begun', async () => {
    const profile = {
      name: 'slow',
      model: 'slow',
      generation: { p50Ms: 400, p95Ms: 400 },
      source: 'made up',
      createdMs: 0,
      leadingSilenceMs: 0,
      audioSpeed: 50,
      transcriptMs: 0,
    };
    const call = await openCall({ emulator: { profile } });
    call.microphone.push(speech());
    await until(() => expect(ofType(call, 'response.created')).toHaveLength(1));
    call.microphone.push(speech({ silenceMs: 0 }));
    // LiveKit cancels the response that it knows.
    await until(() => expect(call.sent.map(({ type }) => type)).toContain('response.cancel'));
    call.microphone.push(speech({ speechMs: 0 }));
    await answered(call);
    const [first, second] = ofType(call, 'input_audio_buffer.speech_started');
    expect(second!.item_id).toBe(first!.item_id);
    expect(ofType(call, 'response.created')).toHaveLength(2);
    expect(ofType(call, 'response.done')).toHaveLength(1);
    await until(() => expect(textsOf(call, 'user')).toHaveLength(1));
    expect(textsOf(call, 'user')[0]).toMatch(/^What are your opening hours\? \w+/);
    expect(call.emulator.realtimeStats()).toMatchObject({ responses: 2, cancelled: 1 });
  });

  it('calls tools and speaks their results', async () => {
    const execute = vi.fn(async () => 'Today is the soup.');
    const special = llm.tool({ name: 'todays_special', description: 'The special of the day.', execute });
    const call = await openCall({
      agent: new voice.Agent({ instructions: 'x', tools: [special] }),
      emulator: {
        answers: ({ messages }) =>
          messages.at(-1)?.role === 'tool'
            ? `Here it is: ${messages.at(-1)!.text}`
            : { text: '', toolCalls: [{ id: 'call_1', name: 'todays_special', arguments: '{}' }] },
      },
    });
    call.microphone.push(speech());
    await answered(call);
    expect(execute).toHaveBeenCalledTimes(1);
    expect(textsOf(call, 'assistant')[0]).toContain('Today is the soup');
  });

  it('stops when the caller speaks over an answer', async () => {
    const call = await openCall();
    call.loudspeaker.isHeld = true;
    call.microphone.push(speech());
    await until(() => expect(call.session.agentState).toBe('speaking'));
    call.microphone.push(speech());
    await answered(call);
    expect(call.messages.find(({ role }) => role === 'assistant')).toMatchObject({ interrupted: true });
  });

  it('has server VAD only', async () => {
    const call = await openCall({ model: { turnDetection: { type: 'semantic_vad', eagerness: 'high' } } });
    await until(() => expect(call.emulator.realtimeStats().errors).toBe(1));
    await until(() => expect(ofType(call, 'error')).toHaveLength(1));
    expect(JSON.stringify(ofType(call, 'error'))).toContain("Supported values are: 'server_vad' and null");
  });

  it('ends with an error that says so for a wrong key', async () => {
    const call = await openCall({ emulator: { llm: { requireKey: 'another-key' } } });
    await until(() => expect(call.errors).toMatchObject([{ recoverable: false }]));
    expect(String((call.errors[0] as { error: Error }).error.message)).toContain('console.x.ai');
  });
});
