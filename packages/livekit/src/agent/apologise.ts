import { voice } from '@livekit/agents';
import type { FirstwordLLM } from '../llm/llm.js';

const { AgentSessionEventTypes: Event } = voice;

/**
 * Says an apology when the LLM or the TTS has failed in a turn, because callers who hear silence think that the line has
 * dropped. It waits until the turn's own speech has ended without an answer: a request may fail before the commit, and the
 * commit would interrupt an apology that was said before.
 */
export function apologise(session: voice.AgentSession, llm: FirstwordLLM, apology: string): void {
  const handles = new Map<string, voice.SpeechHandle>();
  /** Whether the newest request has failed. A later request replaces an earlier failed one. */
  let failed = false;
  llm.watch(() => {
    failed = false;
  });
  session.on(Event.Error, ({ error }) => {
    // With cached audio (`StartCallOptions.phrases`) the apology is audible even if the TTS fails.
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
