import { type RealtimeFault, type RealtimeProfile, transcriptRecognizer } from '@firstword/emulator/realtime';
import { voice } from '@livekit/agents';
import { expect, vi } from 'vitest';
import { FirstwordLLM } from '../llm/llm.js';
import { AgentSession } from '../session/agent-session.js';
import type { FirstwordOptions } from '../session/firstword-options.js';
import { LocalTTS } from '../tts/local-tts.js';
import { openRealtimeCall, type RealtimeCallScript } from './realtime-rig.js';
import { ScriptedModel, ToneTTS, text } from './scripted.js';

/** For `vi.waitFor`. */
export const WAIT = { timeout: 20_000, interval: 5 };

/** A turn whose response has a fault. */
export interface FaultyTurn extends Pick<RealtimeCallScript, 'agent' | 'wire'> {
  profile?: RealtimeProfile;
  /** The responses that have the fault. Default: the first. */
  nth?: number[];
  rescue?: FirstwordOptions['rescue'];
  answers?: NonNullable<RealtimeCallScript['emulator']>['answers'];
  tts?: LocalTTS;
}

/** Silence after which a healthy answer is late here, ms. */
export const AFTER_MS = 1500;

/** A turn whose first responses have this fault, with Firstword's session. */
export async function turnWith(fault: RealtimeFault, script: FaultyTurn = {}) {
  const { nth = [1], rescue = { afterMs: AFTER_MS }, answers, tts, agent, profile, wire } = script;
  const said: string[] = [];
  const call = await openRealtimeCall({
    ...(wire ? { wire } : {}),
    ...(agent ? { agent } : {}),
    emulator: {
      recognizer: transcriptRecognizer([{ text: 'Are you open today?', ms: 600 }]),
      faults: { rules: [{ fault, nth }] },
      ...(answers ? { answers } : {}),
      ...(profile ? { profile } : {}),
    },
    session: (model) => {
      const session = new AgentSession({
        llm: model,
        ...(tts ? { tts } : {}),
        vad: null,
        aecWarmupDuration: null,
        turnHandling: { turnDetection: 'realtime_llm' },
        firstword: { rescue },
      });
      session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
        if (item.type === 'message' && item.role === 'assistant' && !item.interrupted)
          said.push(item.textContent ?? '');
      });
      return session;
    },
  });
  // GPT-Live and Gemini Live hear nothing before their session has started.
  if (wire !== undefined) {
    await vi.waitFor(() => expect(call.emulator.realtimeStats().openConnections).toBe(1), WAIT);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  call.say();
  if (wire !== undefined) {
    // The plugin of GPT-Live ends the caller's words after 800 ms of silence that it has heard after them.
    await new Promise((resolve) => setTimeout(resolve, 100));
    call.say({ speechMs: 0, silenceMs: 1000 });
  }
  return { ...call, said };
}

/** What the LLM says. */
export const CASCADE_ANSWER = 'Yes, until eleven.';

/** The same, rescued by an LLM and a TTS. */
export async function rescuedByCascade(fault: RealtimeFault, script: FaultyTurn = {}) {
  const model = new ScriptedModel([text(CASCADE_ANSWER)]);
  const tts = new LocalTTS(new ToneTTS({ silenceMs: 20, toneMs: 40 }));
  const call = await turnWith(fault, {
    rescue: { afterMs: AFTER_MS, llm: new FirstwordLLM(model) },
    tts,
    ...script,
  });
  return { ...call, model };
}

/** The record of the call's only turn. */
export async function recorded(call: Pick<Awaited<ReturnType<typeof turnWith>>, 'records'>) {
  await vi.waitFor(() => expect(call.records).toHaveLength(1), WAIT);
  return call.records[0]!;
}
