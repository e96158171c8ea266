import { APIConnectionError, llm, voice } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import {
  answered,
  commit,
  gate,
  openCall,
  pass,
  recorded,
  settled,
  speakAhead,
  synthesized,
  until,
} from '../testing/call-rig.js';
import { type AnswerStep, ScriptedModel, text } from '../testing/scripted.js';
import { ScriptedTTS, SPOKEN } from '../testing/scripted-tts.js';
import type { ClauseTTS } from './clause-tts.js';

const PHRASE = 'Let me see…';
/** A limit that every turn in these tests exceeds by its commit. */
const filler = { phrases: [PHRASE], overMs: 1 };
const levers = { clause: true, trimSilence: true };

async function open(model: ScriptedModel, more: Parameters<typeof openCall>[1] = {}) {
  const call = await openCall(model, { filler, levers, ...more });
  const ttsEngine = call.session.tts as ClauseTTS;
  await until(() =>
    expect(ttsEngine.filler?.phrases.every((phrase) => ttsEngine.isReady(phrase))).toBe(true),
  );
  call.ttsEngine.said.length = 0;
  return call;
}

function ask(call: Awaited<ReturnType<typeof open>>, words: string): void {
  call.speak();
  call.interim(words);
  call.final(words);
  call.stop();
}

describe('a session with a filler', () => {
  it('plays it if the LLM is slow, then the answer; only the answer is in history', async () => {
    const llmAnswers = gate();
    const model = new ScriptedModel([llmAnswers.opened, text('We are open until ten. Come in.')]);
    const call = await open(model, { filler: { phrases: [PHRASE], overMs: 300 } });
    ask(call, 'When do you close?');
    await until(() => expect(call.played()).toBeGreaterThan(0));
    expect(call.said('assistant')).toEqual([]);
    await pass(500);
    llmAnswers.open();
    await answered(call);
    await recorded(call);
    expect(call.said('assistant')).toEqual(['We are open until ten. Come in.']);
    // The filler's audio was cached: the TTS was asked for the answer only.
    expect(call.ttsEngine.said).toEqual(['We are open until ten.', 'Come in.']);
    const [record] = call.records;
    expect(record?.bridge?.durationMs).toBeCloseTo(310);
    expect(record?.bridge?.answerGapMs).toBeGreaterThan(record?.feltGapMs ?? Number.NaN);
    expect(record?.segments.reduce((sum, s) => sum + s.durationMs, 0)).toBeCloseTo(
      record?.feltGapMs ?? Number.NaN,
    );
    expect(record?.segments.map((s) => s.name)).toContain('wait for the filler phrase');
  });

  it('plays none if the answer is ready', async () => {
    const call = await open(new ScriptedModel([text('We are open until ten.')]));
    await speakAhead(call, 'When do you close?', 'We are open until ten.');
    await commit(call, 'When do you close?');
    await recorded(call);
    expect(call.records[0]).not.toHaveProperty('bridge');
    // 200 ms of silence trimmed to the margin, plus 300 ms of tone: the answer alone.
    expect(call.played()).toBe((310 * 24_000) / 1000);
  });

  it('plays none before the commit', async () => {
    const llmAnswers = gate();
    const call = await open(new ScriptedModel([llmAnswers.opened, text('Until ten.')]));
    call.speak();
    call.silence(32);
    call.interim('When do you close?');
    await settled();
    expect(call.played()).toBe(0);
    llmAnswers.open();
    await synthesized(call, 'Until ten.');
    await commit(call, 'When do you close?');
    expect(call.said('assistant')).toEqual(['Until ten.']);
  });

  it('can be interrupted, and nothing more of that turn is played', async () => {
    const never = gate();
    const call = await open(new ScriptedModel([never.opened, text('Alpha.')], [text('Beta.')]));
    ask(call, 'When do you close?');
    await until(() => expect(call.session.agentState).toBe('speaking'));
    ask(call, 'No, when do you open?');
    await until(() => expect(call.said('assistant')).toContain('Beta.'));
    never.open();
    await settled();
    expect(call.ttsEngine.said).not.toContain('Alpha.');
  });

  it('plays it once in a turn with a tool, followed by the model’s answer', async () => {
    const toolReturns = gate();
    const asked = gate();
    const tool = llm.tool({
      description: 'Books a table',
      parameters: { type: 'object', properties: {} },
      execute: async () => {
        await toolReturns.opened;
        return 'done';
      },
    });
    const book: AnswerStep = { type: 'toolCall', call: { id: 'c1', name: 'book', arguments: '{}' } };
    const model = new ScriptedModel([asked.opened, book], [text('It is booked.')]);
    const agent = new voice.Agent({ instructions: 'x', tools: { book: tool } });
    const call = await open(model, { agent });
    ask(call, 'Book a table.');
    await until(() => expect(call.played()).toBeGreaterThan(0));
    asked.open();
    toolReturns.open();
    await until(() => expect(call.said('assistant')).toContain('It is booked.'));
    expect(call.ttsEngine.said).toEqual(['It is booked.']);
    await recorded(call);
    // One phrase and one answer, 300 ms of tone each.
    expect(call.played()).toBeLessThan((310 * 2 + 200) * 24);
  });

  it('plays a different one in the next turn', async () => {
    const gates = [gate(), gate()];
    const model = new ScriptedModel(...gates.map(({ opened }, turn) => [opened, text(`Answer ${turn}.`)]));
    const phrases = ['One moment.', 'Let me see.'];
    const call = await open(model, { filler: { phrases, overMs: 1 } });
    for (const [turn, { open: answer }] of gates.entries()) {
      const before = call.played();
      ask(call, `Question ${turn}?`);
      await until(() => expect(call.played()).toBeGreaterThan(before));
      answer();
      await answered(call, turn + 1);
    }
    await recorded(call, 2);
    expect(call.records.map((r) => r.bridge !== undefined)).toEqual([true, true]);
    expect(call.said('assistant')).toEqual(['Answer 0.', 'Answer 1.']);
  });

  it('stops it when the session closes, and plays nothing after it', async () => {
    const llmAnswers = gate();
    const call = await open(new ScriptedModel([llmAnswers.opened, text('Until ten.')]));
    ask(call, 'When do you close?');
    await until(() => expect(call.played()).toBeGreaterThan(0));
    await call.close();
    const before = call.played();
    llmAnswers.open();
    await settled();
    await pass(2_000);
    expect(call.played()).toBe(before);
    expect(call.ttsEngine.said).toEqual([]);
  });

  it('plays none if the session closes before it is due', async () => {
    const llmAnswers = gate();
    const model = new ScriptedModel([llmAnswers.opened, text('Until ten.')]);
    const call = await open(model, { filler: { phrases: [PHRASE], overMs: 2_000 } });
    ask(call, 'When do you close?');
    await until(() => expect(call.said('user')).toHaveLength(1));
    await call.close();
    await pass(5_000);
    expect(call.played()).toBe(0);
  });

  it('does not block a handoff, and the next agent’s turns get fillers too', async () => {
    const gates = [gate(), gate()];
    const model = new ScriptedModel(...gates.map(({ opened }, turn) => [opened, text(`Answer ${turn}.`)]));
    const call = await open(model, { filler: { phrases: ['One moment.', 'Let me see.'], overMs: 1 } });
    ask(call, 'When do you close?');
    await until(() => expect(call.played()).toBeGreaterThan(0));
    const next = new voice.Agent({ instructions: 'y' });
    call.session.updateAgent(next);
    gates[0]?.open();
    await until(() => expect(call.session.currentAgent).toBe(next));
    await answered(call);
    expect(call.said('assistant')).toEqual(['Answer 0.']);
    const before = call.played();
    ask(call, 'And on Sundays?');
    await until(() => expect(call.played()).toBeGreaterThan(before));
    gates[1]?.open();
    await answered(call, 2);
    expect(call.said('assistant')).toEqual(['Answer 0.', 'Answer 1.']);
  });

  it('plays it once if the TTS then fails, and reports the error', async () => {
    const llmAnswers = gate();
    const down = new APIConnectionError({ message: 'The TTS is down.' });
    const inner = new ScriptedTTS(false, (words) => (words.startsWith('Until') ? [down] : SPOKEN));
    const call = await open(new ScriptedModel([llmAnswers.opened, text('Until ten.')], [text('Sure.')]), {
      scriptedTts: inner,
    });
    ask(call, 'When do you close?');
    await until(() => expect(call.played()).toBeGreaterThan(0));
    llmAnswers.open();
    await until(() => expect(call.errors).toHaveLength(1));
    await until(() => expect(call.session.agentState).toBe('listening'));
    // 300 ms of tone, leading silence trimmed: the phrase alone, once.
    expect(call.played()).toBeLessThanOrEqual(310 * 24);
    expect(inner.said).toEqual(['Until ten.', 'Until ten.']);
    ask(call, 'Hello?');
    await until(() => expect(inner.said).toContain('Sure.'));
    await inner.idle();
  });

  it('restores the agents when it is detached', async () => {
    const call = await open(new ScriptedModel([text('Sure.')]));
    ask(call, 'Hello?');
    await answered(call);
    const agent = call.session.currentAgent;
    expect(Object.hasOwn(agent, 'llmNode')).toBe(true);
    await call.close();
    expect(Object.hasOwn(agent, 'llmNode')).toBe(false);
  });
});
