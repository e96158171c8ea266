import type { voice } from '@livekit/agents';
import { filterSessionErrors } from '../internals/session-errors.js';
import { currentSpeculation, trackSpeeches } from './speech-context.js';

type SessionError = Parameters<voice.AgentSession['_onError']>[0];

interface Guard {
  users: number;
  readonly watchers: Set<(error: SessionError) => void>;
  stop(): void;
}

const guards = new WeakMap<voice.AgentSession, Guard>();

/**
 * Makes `currentSpeech` and `currentSpeculation` work for a session, and keeps the errors of its speculations back: one that
 * is thrown away, or made again at the commit, neither reaches the session's `error` handlers nor counts towards
 * `maxUnrecoverableErrors`. If the turn is committed with the speculation that failed, its error is reported then. It may be
 * called several times for a session.
 *
 * @param watcher called with every error of the session at once
 * @returns a function that stops it
 */
export function guardSpeculations(
  session: voice.AgentSession,
  watcher: (error: SessionError) => void = () => {},
): () => void {
  const guard = guards.get(session) ?? begin(session);
  guards.set(session, guard);
  guard.users += 1;
  guard.watchers.add(watcher);
  let isStopped = false;
  return () => {
    if (isStopped) return;
    isStopped = true;
    guard.watchers.delete(watcher);
    guard.users -= 1;
    if (guard.users > 0) return;
    guard.stop();
    guards.delete(session);
  };
}

function begin(session: voice.AgentSession): Guard {
  const watchers: Guard['watchers'] = new Set();
  const stopTracking = trackSpeeches(session);
  const stopFilter = filterSessionErrors(session, (error, report, what) => {
    if (what === 'event') for (const watcher of watchers) watcher(error);
    const speculation = currentSpeculation();
    if (speculation) void speculation.committed.then(report);
    else report();
  });
  const stop = () => {
    stopTracking();
    stopFilter();
  };
  return { users: 0, watchers, stop };
}
