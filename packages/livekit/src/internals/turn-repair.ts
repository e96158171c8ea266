import type { llm, VADEvent, voice } from '@livekit/agents';
import { isReadOnly } from '../tools/read-only.js';

/** What LiveKit's `AgentActivity`, which it does not export, is used for here. */
interface Activity {
  readonly agent: voice.Agent;
  audioRecognition?: {
    audioTranscript: string;
    lastSpeakingTime: number | undefined;
    runEOUDetection(chatCtx: llm.ChatContext, trigger: 'vad'): void;
  };
  pausedSpeech?: { handle: voice.SpeechHandle };
  _toolExecutor: ToolExecutor;
  pauseEnabled(): boolean;
  interruptByAudioActivity(): void;
  shouldDiscardInputAudio(): boolean;
  onVADInferenceDone(event: VADEvent): void;
  generateReply(options: { userMessage?: llm.ChatMessage }): voice.SpeechHandle;
}

interface ToolExecutor {
  execute(options: ToolExecution): Promise<unknown>;
}

interface ToolExecution {
  tool: object;
  runCtx: voice.RunContext;
  abortSignal?: AbortSignal;
}

/** Called by `watchActivity`. */
export interface ActivityWatcher {
  /** The VAD has judged 32 ms of audio. */
  onVad(event: VADEvent): void;
  /** Whether the STT hears the caller although LiveKit would give it silence, as it does during the echo warm-up. */
  keepsAudio(): boolean;
  /** When the user message with this text was said (Unix ms), if not now: LiveKit orders the chat context by it. */
  dateOf(text: string): number | undefined;
  /** A tool has started that is not marked as read-only. */
  onTool(call: ToolRun): void;
  /** Whether a tool of this speech runs on although the speech is interrupted. */
  keepsTools(speech: voice.SpeechHandle): boolean;
}

/** A running tool. */
export interface ToolRun {
  speech: voice.SpeechHandle;
  call: llm.FunctionCall;
  /** What the tool returns, or the error it throws. */
  result: Promise<unknown>;
}

const activityOf = (session: voice.AgentSession): Activity | undefined =>
  session._activity as unknown as Activity | undefined;

const watchers = new WeakMap<Activity, ActivityWatcher>();

/**
 * Lets `watcher` follow the activity of the session's current agent, in the place of an earlier watcher.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_activity.ts`, class `AgentActivity`: methods `onVADInferenceDone` and
 *   `shouldDiscardInputAudio`, which `voice/audio_recognition.ts` calls; `generateReply`, which `onPreemptiveGeneration` and
 *   `userTurnCompleted` call with the caller's message; `voice/tool_executor.ts`, method `execute`, called by
 *   `voice/generation.ts`.
 * - If it changes: a caller who goes on during the echo warm-up is not heard by the STT, and one who goes on while a tool
 *   runs may have the tool called twice. `turn-repair.test.ts` fails.
 */
export function watchActivity(session: voice.AgentSession, watcher: ActivityWatcher): void {
  const activity = activityOf(session);
  if (!activity) return;
  const isPatched = watchers.has(activity);
  watchers.set(activity, watcher);
  if (!isPatched) patch(activity, () => watchers.get(activity)!);
}

function patch(activity: Activity, watcher: () => ActivityWatcher): void {
  const { onVADInferenceDone, shouldDiscardInputAudio, generateReply, _toolExecutor: executor } = activity;
  activity.onVADInferenceDone = (event) => {
    watcher().onVad(event);
    onVADInferenceDone.call(activity, event);
  };
  activity.shouldDiscardInputAudio = () => shouldDiscardInputAudio.call(activity) && !watcher().keepsAudio();
  activity.generateReply = (options) => {
    const { userMessage } = options;
    const date = userMessage && watcher().dateOf(userMessage.textContent ?? '');
    if (date !== undefined) userMessage!.createdAt = date;
    return generateReply.call(activity, options);
  };
  const { execute } = executor;
  executor.execute = (options) => {
    const { tool, runCtx, abortSignal } = options;
    // It changes nothing: the whole turn need not wait for it, and may run it again.
    if (isReadOnly(tool)) return execute.call(executor, options);
    const { speechHandle: speech, functionCall: call } = runCtx;
    const abort = new AbortController();
    const stop = () => {
      if (!watcher().keepsTools(speech)) abort.abort();
    };
    abortSignal?.addEventListener('abort', stop, { once: true });
    const result = execute.call(executor, { ...options, abortSignal: abort.signal });
    watcher().onTool({ speech, call, result });
    return result;
  };
}

/**
 * Pauses the reply as LiveKit does once the caller has spoken for `interruption.minDuration` over it: it resumes after
 * `falseInterruptionTimeout` if no words follow. Does nothing if the reply could not resume, or if the session's own options
 * keep a sound from interrupting it.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent_activity.ts`, private methods `pauseEnabled` and
 *   `interruptByAudioActivity`, private field `pausedSpeech`; `voice/agent_session.ts`, field `_aecWarmupRemaining`.
 * - If it changes: the agent stops after `interruption.minDuration` only. `turn-repair.test.ts` fails.
 *
 * @param options.inEchoWarmup also during the echo warm-up
 * @returns whether the reply is paused now
 */
export function pauseReply(session: voice.AgentSession, options: { inEchoWarmup: boolean }): boolean {
  const activity = activityOf(session);
  if (!activity?.pauseEnabled()) return false;
  const remainingMs = session._aecWarmupRemaining;
  if (options.inEchoWarmup) session._aecWarmupRemaining = 0;
  activity.interruptByAudioActivity();
  session._aecWarmupRemaining = remainingMs;
  return activity.pausedSpeech !== undefined;
}

/**
 * Puts the words of a committed turn back before those that LiveKit has heard since, as if they had not been committed.
 * LiveKit then speculates on the whole, and commits it as one turn. Call it in a handler of `UserInputTranscribed`: LiveKit
 * adds the new words after the event.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/audio_recognition.ts`, private field `audioTranscript`, and the order of hook
 *   and field in `onSTTEvent`.
 * - If it changes: what was said before a cut-off is missing in the turn that follows it. `turn-repair.test.ts` fails.
 */
export function putBackWords(session: voice.AgentSession, words: string): void {
  const recognition = activityOf(session)?.audioRecognition;
  if (recognition) recognition.audioTranscript = `${words} ${recognition.audioTranscript}`.trim();
}

/**
 * `putBackWords` for the event that is being handled only. As long as there is no final transcript of what follows, LiveKit
 * must not find words that it could commit in the next silence.
 */
export function lendWords(session: voice.AgentSession, words: string): void {
  const recognition = activityOf(session)?.audioRecognition;
  if (!recognition) return;
  const own = recognition.audioTranscript;
  putBackWords(session, words);
  const lent = recognition.audioTranscript;
  queueMicrotask(() => {
    if (recognition.audioTranscript === lent) recognition.audioTranscript = own;
  });
}

/**
 * Ends the caller's turn as LiveKit does in a silence, with the words that it has.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/audio_recognition.ts`, private method `runEOUDetection`.
 * - If it changes: a turn that was taken back for words that the STT then withdraws gets no answer. `turn-repair.test.ts` fails.
 */
export function detectEndOfTurn(session: voice.AgentSession): void {
  activityOf(session)?.audioRecognition?.runEOUDetection(session.history, 'vad');
}

/**
 * Ends the caller's turn although the wall clock was set back during the wait: LiveKit computes the rest of its delay from the wall
 * time of the last sound, and would sleep for as long as the clock was set back.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/audio_recognition.ts`, private field `lastSpeakingTime`, of which
 *   `runEOUDetection` takes a copy.
 * - If it changes: a turn during which the clock was set back is answered that much later. `endpointing-session.test.ts` fails.
 */
export function endTurnAfterSetBack(session: voice.AgentSession, setBackMs: number): void {
  const recognition = activityOf(session)?.audioRecognition;
  if (recognition?.lastSpeakingTime === undefined) return;
  recognition.lastSpeakingTime -= setBackMs;
  detectEndOfTurn(session);
}

/**
 * Takes an item out of the agent's chat context and out of the session's history.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/agent.ts`, field `_chatCtx` (`agent.chatCtx` is a read-only view of it);
 *   `voice/agent_session.ts`, getter `history`.
 * - If it changes: after a cut-off the LLM is sent the half and the whole turn. `turn-repair.test.ts` fails.
 */
export function removeItem(session: voice.AgentSession, agent: voice.Agent, item: { id: string }): void {
  for (const context of [agent._chatCtx, session.history]) {
    context.items = context.items.filter(({ id }) => id !== item.id);
  }
}

/** Whether the user has set `aecWarmupDuration` (`@livekit/agents` 1.9.0, `AgentSession._aecWarmupDurationExplicit`). */
export const isEchoWarmupSet = (session: voice.AgentSession): boolean =>
  Reflect.get(session, '_aecWarmupDurationExplicit') !== false;
