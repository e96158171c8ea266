import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCallRecord, parseCallRecord, parseTurnRecord } from '@firstword/turn';
import { type llm, voice } from '@livekit/agents';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { activityParts } from '../internals/session-activity.js';
import { PreparedLLM } from '../llm/prepared-llm.js';
import {
  commit,
  during,
  openCall,
  pass,
  recorded,
  type ScriptedCall,
  speakAhead,
  until,
} from '../testing/call-rig.js';
import { ScriptedModel, ScriptedSTT, text } from '../testing/scripted.js';
import { ScriptedTTS } from '../testing/scripted-tts.js';
import { ClauseTTS } from '../tts/clause-tts.js';

const CLAUSE = { levers: { clause: true, trimSilence: true } };

describe.each(['session', 'agent'] as const)('AgentSession with its parts on the %s', (dropIn) => {
  it('keeps a speculation at the commit and records the turn', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const call = await openCall(model, { dropIn });
    await speakAhead(call, 'book a table', 'Certainly.');
    await commit(call, 'Book a table.');
    await recorded(call);
    expect(model.asked).toHaveLength(1);
    expect(call.said('user')).toEqual(['Book a table.']);
    expect(call.records[0]?.speculation).toMatchObject({ started: 1, kept: 1 });
    expect(call.eagerStt.counters).toMatchObject({ started: 1, kept: 1 });
  });

  it('speaks the first clause without Markdown, and shows the user their own parts', async () => {
    const scriptedTts = new ScriptedTTS(true);
    const agent = { dropIn, scriptedTts, ...CLAUSE };
    const call = await openCall(new ScriptedModel([text('**Sure**, at eight.')]), agent);
    await speakAhead(call, 'book a table', 'Sure, at eight.');
    const { session } = call;
    const owner = dropIn === 'agent' ? session.currentAgent : session;
    expect(owner.tts).toBe(scriptedTts);
    expect(owner.stt).toBeInstanceOf(ScriptedSTT);
    expect(activityParts(session).tts).toBeInstanceOf(ClauseTTS);
    await commit(call, 'Book a table.');
    expect(scriptedTts.said.join(' ')).not.toContain('*');
  });

  it('prepares each answer', async () => {
    const model = new ScriptedModel([text('Certainly.')]);
    const prepare = vi.fn((chatCtx: llm.ChatContext) => {
      chatCtx.addMessage({ role: 'system', content: 'Tables are free at eight.' });
    });
    const call = await openCall(model, { dropIn, prepare });
    await speakAhead(call, 'book a table', 'Certainly.');
    await commit(call, 'Book a table.');
    expect(prepare).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(model.asked[0])).toContain('Tables are free at eight.');
    expect(activityParts(call.session).llm).toBeInstanceOf(PreparedLLM);
  });
});

describe('AgentSession in a call', () => {
  it('wraps the parts of an agent that takes over, and those that an agent exchanges', async () => {
    const answers = [[text('Alpha.')], [text('Beta.')], [text('Gamma.')]];
    const call = await openCall(new ScriptedModel(...answers), { dropIn: 'session', ...CLAUSE });
    const ownTts = new ScriptedTTS(true);
    call.session.updateAgent(new voice.Agent({ instructions: 'y', tts: ownTts }));
    await until(() => expect(call.session.currentAgent.tts).toBe(ownTts));
    await until(() => expect(activityParts(call.session).tts).toBeInstanceOf(ClauseTTS));
    await pass(200);
    await speakAheadOn(call, ownTts, 'book a table', 'Alpha.');
    await commit(call, 'Book a table.');

    const other = new ScriptedTTS(true);
    await during(call.session.currentAgent.updateOptions({ tts: other }));
    expect(call.session.currentAgent.tts).toBe(other);
    await pass(2_000);
    await speakAheadOn(call, other, 'at eight', 'Beta.');
    await commit(call, 'At eight.', 2);
  });

  it('leaves Markdown to LiveKit where a TTS is not wrapped', async () => {
    const scriptedTts = new ScriptedTTS(true);
    const model = new ScriptedModel([text('**Sure!** '), text('At eight.')]);
    const call = await openCall(model, { dropIn: 'agent', scriptedTts });
    await speakAhead(call, 'book a table', 'Sure! At eight.');
    expect(call.session.sessionOptions.ttsTextTransforms).toEqual(['filter_markdown', 'filter_emoji']);
  });

  it('does not count failed speculations towards the error limit, but failed turns', async () => {
    const failing = new ScriptedModel([new Error('HTTP 503')]);
    const call = await openCall(failing, {
      dropIn: 'session',
      own: { connOptions: { maxUnrecoverableErrors: 1 } },
    });
    const closed = vi.fn();
    call.session.on(voice.AgentSessionEventTypes.Close, closed);
    call.speak();
    call.silence(32);
    for (const words of [
      'book',
      'book a',
      'book a table',
      'book a table for two',
      'book a table for two at eight',
    ]) {
      call.interim(words);
      await pass(600);
    }
    expect(failing.asked.length).toBeGreaterThan(2);
    expect(call.errors).toEqual([]);
    expect(closed).not.toHaveBeenCalled();
    for (let turn = 1; turn <= 2; turn++) {
      call.final('Book a table.');
      call.stop();
      await pass(3_000);
      if (turn < 2) call.speak();
    }
    await until(() => expect(closed).toHaveBeenCalledTimes(1));
  });

  it('counts a TTS that fails in a speculation which is then used: it is not asked again', async () => {
    const scriptedTts = new ScriptedTTS(true, () => [new Error('HTTP 503')]);
    const own = { connOptions: { maxUnrecoverableErrors: 1, ttsConnOptions: { maxRetry: 0 } } };
    const call = await openCall(new ScriptedModel([text('Certainly.')]), {
      dropIn: 'session',
      scriptedTts,
      own,
    });
    const closed = vi.fn();
    call.session.on(voice.AgentSessionEventTypes.Close, closed);
    for (let turn = 1; turn <= 2; turn++) {
      expect(closed).not.toHaveBeenCalled();
      call.speak();
      call.interim('book a table');
      await pass(600);
      call.final('Book a table.');
      call.stop();
      await pass(3_000);
    }
    await until(() => expect(closed).toHaveBeenCalledTimes(1));
  });

  it('closes at once while the rest of an answer waits for the commit', async () => {
    const answer = 'At eight we can do it. We look forward to seeing you then. Anything else I can do?';
    const call = await openCall(new ScriptedModel([text(answer)]), { dropIn: 'session', ...CLAUSE });
    await speakAhead(call, 'book a table', 'At eight we can do it.');
    const beforeMs = performance.now();
    await during(call.session.close());
    // The clock is the test's: without the early end, LiveKit waits 2 s of it for the TTS.
    expect(performance.now() - beforeMs).toBeLessThan(1_000);
  });

  it('writes the records of the call to a folder', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'firstword-records-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const call = await openCall(new ScriptedModel([text('Certainly.')]), { dropIn: 'session', records: dir });
    await speakAhead(call, 'book a table', 'Certainly.');
    await commit(call, 'Book a table.');
    await recorded(call);
    await call.close();
    const [file] = await readdir(dir);
    const lines = (await readFile(join(dir, file!), 'utf8')).trim().split('\n');
    const turns = lines.filter((line) => !isCallRecord(line));
    expect(turns.map((line) => parseTurnRecord(line).turn)).toEqual([1]);
    // The record of the call has no time to hello, and says why.
    const calls = lines.filter(isCallRecord).map(parseCallRecord);
    expect(calls).toMatchObject([{ callId: file!.replace('.jsonl', ''), problem: 'the caller spoke first' }]);
    expect(parseTurnRecord(turns[0]!)).toMatchObject({ levers: { speculation: true, endpointing: false } });
  });
});

/** As `speakAhead`, for a TTS that the rig does not know. */
async function speakAheadOn(
  call: ScriptedCall,
  tts: ScriptedTTS,
  words: string,
  answer: string,
): Promise<void> {
  call.speak();
  call.silence(32);
  call.interim(words);
  await until(() => expect(tts.said).toContain(answer));
}
