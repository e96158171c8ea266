import { AsyncLocalStorage } from 'node:async_hooks';
import { voice } from '@livekit/agents';

/** The speech that a request is made for. */
export interface Speech {
  handle: voice.SpeechHandle;
  /** Resolves when the caller's turn that it answers is committed. */
  committed: Promise<void>;
}

const { AgentSessionEventTypes: Event } = voice;

/** LiveKit has the like of it, and keeps it to itself. */
const speeches = new AsyncLocalStorage<Speech>();

/** The speech for which the code runs, speculation or not. */
export function currentSpeech(): Speech | undefined {
  return speeches.getStore();
}

/** The speculation for which the running code asks the LLM; `undefined` where the caller's turn is over. */
export function waitingSpeech(): Speech | undefined {
  const speech = speeches.getStore();
  return speech && !speech.handle.scheduled && !speech.handle.done() ? speech : undefined;
}

/** Lets what a session starts know which speech it is for. Returns how to stop. */
export function trackSpeeches(session: voice.AgentSession): () => void {
  const commits = new Map<string, () => void>();
  const onSpeechCreated = ({ speechHandle }: voice.SpeechCreatedEvent) => {
    const committed = new Promise<void>((resolve) => commits.set(speechHandle.id, resolve));
    speechHandle.addDoneCallback(() => commits.delete(speechHandle.id));
    // LiveKit begins the speech's own work in this very tick, in this context.
    speeches.enterWith({ handle: speechHandle, committed });
  };
  const onMetrics = ({ metrics }: voice.MetricsCollectedEvent) => {
    if (metrics.type === 'eou_metrics' && metrics.speechId !== undefined) commits.get(metrics.speechId)?.();
  };
  session.on(Event.SpeechCreated, onSpeechCreated);
  session.on(Event.MetricsCollected, onMetrics);
  return () => {
    session.off(Event.SpeechCreated, onSpeechCreated);
    session.off(Event.MetricsCollected, onMetrics);
    commits.clear();
  };
}
