import { voice } from '@livekit/agents';
import { expect, it } from 'vitest';
import { commit, openCall, until } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';
import { ScriptedTTS } from '../testing/scripted-tts.js';

const MARKED = [text('**Sure!** '), text('Here are *two* options, 😀 '), text('both free.')];
const PLAIN = /^Sure! Here are two options, +both free\.$/;
const LEVERS = { levers: { clause: true, trimSilence: true, speculation: false, preemptiveTts: false } };

/** A turn; returns the text that the TTS was given. */
async function turn(script: Parameters<typeof openCall>[1], given: () => string): Promise<string> {
  const call = await openCall(new ScriptedModel(MARKED), { ...LEVERS, ...script });
  call.speak();
  await commit(call, 'Book a table.');
  await until(() => expect(given()).toContain('free'));
  return given();
}

it.each([undefined, 'session'] as const)(
  'a TTS of the agent gets no Markdown (drop-in: %s)',
  async (dropIn) => {
    const tts = new ScriptedTTS(true);
    const agent = new voice.Agent({ instructions: 'x', tts });
    expect(await turn({ agent, ...(dropIn ? { dropIn } : {}) }, () => tts.said.join(' '))).toMatch(PLAIN);
  },
);

it.each([undefined, 'session'] as const)(
  'an agent’s own ttsNode, which may use another TTS, gets no Markdown (drop-in: %s)',
  async (dropIn) => {
    let given = '';
    class Own extends voice.Agent {
      override async ttsNode(...[words, settings]: Parameters<voice.Agent['ttsNode']>) {
        const noted = (words as ReadableStream<string>).pipeThrough(
          new TransformStream<string, string>({
            transform: (chunk, controller) => {
              given += chunk;
              controller.enqueue(chunk);
            },
          }),
        );
        return voice.Agent.default.ttsNode(this, noted as never, settings);
      }
    }
    const agent = new Own({ instructions: 'x' });
    expect(await turn({ agent, ...(dropIn ? { dropIn } : {}) }, () => given)).toMatch(PLAIN);
  },
);
