import { FirstwordError } from '@firstword/turn';
import { type llm, voice } from '@livekit/agents';
import { beforeEach, expect, it, vi } from 'vitest';
import { commit, openCall, settled, speakAhead, until } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';

const lines: string[] = [];

beforeEach(() => {
  lines.length = 0;
  vi.stubEnv('FIRSTWORD_DEBUG', 'speculation');
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  return () => {
    write.mockRestore();
    vi.unstubAllEnvs();
  };
});

it('logs a speculation that LiveKit did not use at the commit', async () => {
  class Retrieving extends voice.Agent {
    override async onUserTurnCompleted(chatCtx: llm.ChatContext): Promise<void> {
      chatCtx.addMessage({ role: 'system', content: 'a fact' });
    }
  }
  const model = new ScriptedModel([text('Alpha.')], [text('Beta.')]);
  const call = await openCall(model, { agent: new Retrieving({ instructions: 'x' }) });
  await speakAhead(call, 'book a table', 'Alpha.');
  await commit(call, 'Book a table.');
  expect(lines).toEqual([
    expect.stringMatching(/^firstword: speculation cancelled \{"reason":"not kept","wastedTokens":\d+\}\n$/),
  ]);
});

it('logs a speculation whose LLM request failed', async () => {
  const failure = new FirstwordError('provider_unavailable', 'The provider is down. Try another.');
  const call = await openCall(new ScriptedModel([failure], [text('Beta.')]));
  call.speak();
  call.interim('book a table');
  await until(() => expect(lines).toHaveLength(1));
  await commit(call, 'Book a table.');
  expect(lines).toEqual([expect.stringContaining('cancelled {"reason":"LLM failed"')]);
});

it('logs a speculation that the end of the session cancelled', async () => {
  const call = await openCall(new ScriptedModel([text('Alpha.')]));
  await speakAhead(call, 'book a table', 'Alpha.');
  await call.close();
  expect(lines).toEqual([expect.stringContaining('cancelled {"reason":"dropped by LiveKit"')]);
});

it('logs a speculation that is held because prepare failed', async () => {
  let runs = 0;
  const prepare = () => {
    runs++;
    if (runs === 1) throw new Error('index is down');
  };
  const call = await openCall(new ScriptedModel([text('Certainly.')]), { prepare });
  call.speak();
  call.interim('book a table');
  await until(() => expect(lines).toHaveLength(1));
  await settled();
  await commit(call, 'Book a table.');
  expect(lines).toEqual(['firstword: speculation held until the commit {"reason":"prepare failed"}\n']);
});
