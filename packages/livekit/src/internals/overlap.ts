import type { stt, VADEvent, voice } from '@livekit/agents';

/** What LiveKit's `AgentActivity`, which it does not export, is used for here. */
interface Activity {
  audioRecognition?: Recognition;
  pausedSpeech?: { handle: voice.SpeechHandle; timeout: number };
  interruptionDetector?: unknown;
  startFalseInterruptionTimer(timeoutMs: number): void;
  onVADInferenceDone(event: VADEvent): void;
}

interface Recognition {
  audioTranscript: string;
  onSTTEvent(event: stt.SpeechEvent): Promise<void>;
}

/** Called by `watchOverlap`. */
export interface OverlapWatcher {
  /** The VAD has judged 32 ms of audio. */
  onVad(event: VADEvent): void;
  /** Whether the sound that goes on does not stop the agent, however long it lasts. */
  ignoresSound(): boolean;
  /** Whether LiveKit is not to get this transcript, which is the first of a turn. */
  dropsWords(words: stt.SpeechData): boolean;
}

const activityOf = (session: voice.AgentSession): Activity | undefined =>
  session._activity as unknown as Activity | undefined;

const watchers = new WeakMap<object, Set<OverlapWatcher>>();

/** The watchers of an object, which is patched for the first of them. */
function watchersOf<Patched extends object>(
  patched: Patched,
  patch: (all: ReadonlySet<OverlapWatcher>) => void,
): Set<OverlapWatcher> {
  const known = watchers.get(patched) ?? new Set();
  if (!watchers.has(patched)) patch(known);
  watchers.set(patched, known);
  return known;
}

/**
 * Lets `watcher` see what the VAD and the STT report to the session's current agent. Call it again at a hand-off, and once the
 * agent has started: before, there is no recognition.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_activity.ts`, method `onVADInferenceDone`, private field `audioRecognition`;
 *   `voice/audio_recognition.ts`, private method `onSTTEvent` and field `audioTranscript`.
 * - If it changes: the agent stops at sounds that are quieter than the caller, and "mhm" ends its answer, as without the lever
 *   `bargeIn`. `barge-in/barge-in.test.ts` fails.
 *
 * @returns a function that stops it
 */
export function watchOverlap(session: voice.AgentSession, watcher: OverlapWatcher): () => void {
  const activity = activityOf(session);
  if (!activity) return () => {};
  const sets = [
    watchersOf(activity, (all) => {
      const { onVADInferenceDone } = activity;
      activity.onVADInferenceDone = (event) => {
        for (const { onVad } of all) onVad(event);
        const isIgnored = [...all].some(({ ignoresSound }) => ignoresSound());
        // LiveKit pauses the reply again at each window of a sound that has lasted for `interruption.minDuration`.
        onVADInferenceDone.call(activity, isIgnored ? { ...event, speechDuration: 0 } : event);
      };
    }),
  ];
  const { audioRecognition: recognition } = activity;
  if (recognition) sets.push(watchersOf(recognition, (all) => patchRecognition(recognition, all)));
  for (const set of sets) set.add(watcher);
  return () => {
    for (const set of sets) set.delete(watcher);
  };
}

function patchRecognition(recognition: Recognition, all: ReadonlySet<OverlapWatcher>): void {
  const { onSTTEvent } = recognition;
  recognition.onSTTEvent = async (event) => {
    const words = event.alternatives?.[0];
    const isFirst = recognition.audioTranscript.trim() === '';
    if (words?.text && isFirst && [...all].some(({ dropsWords }) => dropsWords(words))) return;
    await onSTTEvent.call(recognition, event);
  };
}

/** Whether LiveKit's adaptive interruption decides what interrupts the current agent (`AgentActivity.interruptionDetector`). */
export const isInterruptionAdaptive = (session: voice.AgentSession): boolean =>
  activityOf(session)?.interruptionDetector !== undefined;

/** Whether a reply is paused by a sound of the caller (`AgentActivity.pausedSpeech`). */
export const isReplyPaused = (session: voice.AgentSession): boolean =>
  activityOf(session)?.pausedSpeech !== undefined;

/**
 * Sets how long after the end of the caller's sound the paused reply resumes if no words follow, ms. LiveKit sets its own time
 * again when the sound has lasted for `interruption.minDuration`.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_activity.ts`, private field `pausedSpeech`, whose `timeout` `onEndOfSpeech` passes
 *   to the private method `startFalseInterruptionTimer`. LiveKit sets it to 0 where a sound has paused an answer before its first word.
 * - If it changes: the reply resumes after `interruption.falseInterruptionTimeout`. `barge-in/barge-in.test.ts` fails.
 */
export function resumeReplyAfter(session: voice.AgentSession, waitMs: number): void {
  const activity = activityOf(session);
  if (!activity?.pausedSpeech) return;
  activity.pausedSpeech.timeout = waitMs;
  if (session.userState !== 'speaking') activity.startFalseInterruptionTimer(waitMs);
}

/** Resumes the paused reply now, also while the caller speaks, as LiveKit does after `falseInterruptionTimeout`. */
export function resumeReply(session: voice.AgentSession): void {
  const activity = activityOf(session);
  if (activity?.pausedSpeech) activity.startFalseInterruptionTimer(0);
}
