import { voice } from '@livekit/agents';
import type { FirstwordLLM } from '../llm/llm.js';

const { AgentSessionEventTypes: Event } = voice;

/**
 * Says so when the LLM or the voice failed a turn: a caller who hears nothing thinks the line has dropped. It waits for
 * the turn's own speech to end without an answer: the request may have failed while the turn was not yet committed, and
 * what is said then is cut off by the commit.
 */
export function apologise(session: voice.AgentSession, llm: FirstwordLLM, apology: string): void {
  const handles = new Map<string, voice.SpeechHandle>();
  /** The newest request failed. An earlier one's failure is made good by the one after it. */
  let failed = false;
  llm.watch(() => {
    failed = false;
  });
  session.on(Event.Error, ({ error }) => {
    // An apology is heard although the voice fails: its audio is kept, see `CallOptions.phrases`.
    if ((error.type === 'llm_error' || error.type === 'tts_error') && !error.recoverable) failed = true;
  });
  session.on(Event.SpeechCreated, ({ speechHandle }) => {
    handles.set(speechHandle.id, speechHandle);
    speechHandle.addDoneCallback(() => handles.delete(speechHandle.id));
  });
  session.on(Event.MetricsCollected, ({ metrics }) => {
    if (metrics.type !== 'eou_metrics' || metrics.speechId === undefined) return;
    const speech = handles.get(metrics.speechId);
    speech?.addDoneCallback(() => {
      if (!failed || speech.interrupted) return;
      failed = false;
      session.say(apology);
    });
  });
}
