import { AsyncLocalStorage } from 'node:async_hooks';
import { type Clock, fromWall, systemClock } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { enterSpeechContext } from '../internals/speech-task-context.js';

/** The speech that a request is made for. */
export interface Speech {
  handle: voice.SpeechHandle;
  /** Resolves when the caller's turn that it answers is committed. */
  committed: Promise<void>;
  /** The caller's last word, as LiveKit tells it with the commit; session clock, ms. */
  waitingSinceMs?: number;
}

const { AgentSessionEventTypes: Event } = voice;

/** LiveKit has the like of it, and keeps it to itself. */
const speeches = new AsyncLocalStorage<Speech>();

/** The speech for which the code runs, speculation or not. */
export function currentSpeech(): Speech | undefined {
  return speeches.getStore();
}

/** The speculation for which the running code asks the LLM; `undefined` where the caller's turn is over. */
export function currentSpeculation(): Speech | undefined {
  const speech = speeches.getStore();
  return speech && !speech.handle.scheduled && !speech.handle.done() ? speech : undefined;
}

/** Lets what a session starts know which speech it is for. Returns how to stop. */
export function trackSpeeches(session: voice.AgentSession, options: { clock?: Clock } = {}): () => void {
  const { clock = systemClock } = options;
  const commits = new Map<string, (lastWordWallMs: number) => void>();
  const onSpeechCreated = ({ speechHandle }: voice.SpeechCreatedEvent) => {
    let resolve = () => {};
    const committed = new Promise<void>((settle) => {
      resolve = settle;
    });
    const speech: Speech = { handle: speechHandle, committed };
    commits.set(speechHandle.id, (lastWordWallMs) => {
      if (lastWordWallMs > 0) speech.waitingSinceMs = fromWall(clock, lastWordWallMs);
      resolve();
    });
    speechHandle.addDoneCallback(() => commits.delete(speechHandle.id));
    // LiveKit begins the speech's own work in this very tick, in this context.
    enterSpeechContext(speeches, speech);
  };
  const onMetrics = ({ metrics }: voice.MetricsCollectedEvent) => {
    if (metrics.type !== 'eou_metrics' || metrics.speechId === undefined) return;
    commits.get(metrics.speechId)?.(metrics.lastSpeakingTimeMs);
  };
  session.on(Event.SpeechCreated, onSpeechCreated);
  session.on(Event.MetricsCollected, onMetrics);
  return () => {
    session.off(Event.SpeechCreated, onSpeechCreated);
    session.off(Event.MetricsCollected, onMetrics);
    commits.clear();
  };
}
