import { AsyncLocalStorage } from 'node:async_hooks';
import { type Clock, systemClock, wallToMonotonicMs } from '@firstword/turn';
import { voice } from '@livekit/agents';
import { enterSpeechContext } from '../internals/speech-task-context.js';
import { listenTo } from '../observe/listen-to.js';

/** The speech handle that a request belongs to. */
export interface Speech {
  handle: voice.SpeechHandle;
  /** Resolves when the answered turn is committed. */
  committed: Promise<void>;
  /** End of the caller's last word, which LiveKit reports with the commit; session clock, ms. */
  waitingSinceMs?: number;
}

const { AgentSessionEventTypes: Event } = voice;

/** LiveKit keeps an equivalent store but does not export it. */
const speeches = new AsyncLocalStorage<Speech>();

/** The speech handle that the running code works for, speculation or not. */
export function currentSpeech(): Speech | undefined {
  return speeches.getStore();
}

/** The speculation that the running code works for; `undefined` if the turn has been committed. */
export function currentSpeculation(): Speech | undefined {
  const speech = speeches.getStore();
  return speech && !speech.handle.scheduled && !speech.handle.done() ? speech : undefined;
}

/** Makes `currentSpeech` and `currentSpeculation` work for a session. Returns a function that stops it. */
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
      if (lastWordWallMs > 0) speech.waitingSinceMs = wallToMonotonicMs(clock, lastWordWallMs);
      resolve();
    });
    speechHandle.addDoneCallback(() => commits.delete(speechHandle.id));
    enterSpeechContext(speeches, speech);
  };
  const onMetrics = ({ metrics }: voice.MetricsCollectedEvent) => {
    if (metrics.type !== 'eou_metrics' || metrics.speechId === undefined) return;
    commits.get(metrics.speechId)?.(metrics.lastSpeakingTimeMs);
  };
  const stops: (() => void)[] = [];
  const on = listenTo(session, stops);
  on(Event.SpeechCreated, onSpeechCreated);
  on(Event.MetricsCollected, onMetrics);
  return () => {
    for (const stop of stops) stop();
    commits.clear();
  };
}
