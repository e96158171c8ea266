import { describe, expect, it } from 'vitest';
import { openCall, pass, settled, until } from '../testing/call-rig.js';
import { ScriptedModel, text } from '../testing/scripted.js';

/** The caller speaks for this long without a pause; the STT gives a final every ten seconds. */
async function talkFor(call: Awaited<ReturnType<typeof openCall>>, seconds: number): Promise<void> {
  call.speak();
  for (let at = 0; at < seconds; at += 10) {
    await pass(10_000);
    call.final('And so on and so forth.');
    await settled();
  }
}

describe('a caller who never stops', () => {
  it('is not interrupted, asked or answered by default', async () => {
    const call = await openCall(new ScriptedModel([text('Yes.')]), {
      dropIn: 'session',
      levers: { speculation: false, askAgain: true },
    });
    await talkFor(call, 60);
    expect(call.said('assistant')).toEqual([]);
    call.stop();
    await until(() => expect(call.said('assistant')).toEqual(['Yes.']));
    expect(call.said('user')).toHaveLength(1);
  });

  it('is bounded by LiveKit’s userTurnLimit', async () => {
    const call = await openCall(new ScriptedModel([text('May I answer?')]), {
      dropIn: 'session',
      levers: { speculation: false, askAgain: true },
      own: { turnHandling: { turnDetection: 'vad', userTurnLimit: { maxDuration: 30_000, maxWords: null } } },
    });
    await talkFor(call, 40);
    await until(() => expect(call.said('assistant')).toEqual(['May I answer?']));
  });
});
