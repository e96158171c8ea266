import { expect, it } from 'vitest';
import { commit, openCall, speakAhead, until } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';
import { tracedOutput } from '../transport/traced.js';
import { isTracedTTS } from '../tts/tts-trace.js';
import { SessionObserver } from './observer.js';

const broken = (): never => {
  throw new Error('ENOSPC: no space left');
};

it('a session answers and goes on listening if every callback of the user throws', async () => {
  const call = await openCall(new ScriptedModel([text('Certainly.')]));
  const { session } = call;
  const observer = new SessionObserver({ session, callId: 'x', levers: broken, onTurn: broken });
  const { tts, llm } = session;
  if (isTracedTTS(tts)) tts.watch(broken);
  if (llm && 'watch' in llm && typeof llm.watch === 'function') llm.watch(broken);
  tracedOutput(session.output.audio)?.watch({ onPublished: broken, onAudible: broken, onFinished: broken });
  for (const [turn, words] of ['book a table', 'thank you'].entries()) {
    await speakAhead(call, words, 'Certainly.');
    await commit(call, `${words}.`, turn + 1);
    await until(() => expect(session.agentState).toBe('listening'));
  }
  expect(call.said('assistant')).toEqual(['Certainly.', 'Certainly.']);
  expect(observer.turns).toBe(2);
  observer.close();
});
