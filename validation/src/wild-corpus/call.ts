/** The framework that printed a case. */
export type Sdk = 'python' | 'node' | 'pipecat' | 'vapi' | 'retell';

/** One request to the LLM. */
export interface WildRequest {
  /** When it was sent, ms after the caller's last sound. */
  afterMs: number;
  /** First token, ms after it was sent; -1 if none came. */
  ttftMs: number;
  /** End of the stream, ms after it was sent. */
  durationMs: number;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  /** A speculation that was thrown away. */
  isCancelled: boolean;
  /** It ended in a tool call. */
  isToolCall: boolean;
}

/** What the framework logs in a turn beside its figures. */
export type NoteKind =
  | 'speculation used'
  | 'speculation discarded'
  | 'LLM retried'
  | 'LLM failed'
  | 'TTS retried'
  | 'VAD slow'
  | 'loop blocked'
  | 'host stalled'
  | 'turn detector failed over'
  | 'turn detector timed out'
  | 'turn detector slow'
  | 'rate limited'
  | 'quota used up'
  | 'model unknown'
  | 'process unresponsive'
  | 'tool ran';

/** One such line. */
export interface WildNote {
  kind: NoteKind;
  /** When it is logged, ms after the caller's last sound. */
  afterMs: number;
  /** Seconds that the line tells: how long something took, or until the next attempt. */
  seconds?: number;
  /** Number of the attempt, from 1. */
  attempt?: number;
}

/** A turn as it happened. All times in ms; `…Ms` without "after" are durations. */
export interface WildTurn {
  userText: string;
  answer: string;
  /** Wall clock of the caller's last sound, ms since 1970. */
  endedAtMs: number;
  spokeForMs: number;
  /** From the caller's last sound to the final transcript. */
  transcriptionMs: number;
  /** From the caller's last sound to the decision that the turn is over. */
  endOfTurnMs: number;
  /** The app's own code between that decision and the reply. */
  userLogicMs: number;
  requests: WildRequest[];
  /** Duration of the tools that ran. */
  toolMs: number;
  /** From the first token to the text that the TTS gets. */
  heldMs: number;
  ttfbMs: number;
  /** Part of `ttfbMs` in which the TTS connects. */
  ttsConnectMs: number;
  /** From the first audio frame to the start of playback, as the framework reports it. */
  playbackMs: number;
  /** Time in no stage. */
  unexplainedMs: number;
  /** From the caller's last sound to the first sound of the reply: computed by `finishTurn`. */
  e2eMs: number;
  /** No reply was heard. */
  isFailed: boolean;
  notes: WildNote[];
  /** Overrides what is printed as the end-of-turn delay, ms: a figure that cannot be true. */
  printedEndOfTurnMs?: number;
}

/** Models of a call, as the framework names them. */
export interface WildStack {
  llm: { model: string; provider: string; label: string; ttftMs: number; reportsCached: boolean };
  stt: { model: string; provider: string; label: string; finalMs: number };
  tts: { model: string; provider: string; label: string; ttfbMs: number };
}

/** A call as it happened. */
export interface WildCall {
  sdk: Sdk;
  /** Version of the framework. */
  version: string;
  stack: WildStack;
  job: string;
  room: string;
  roomName: string;
  startedAtMs: number;
  minDelayMs: number;
  maxDelayMs: number;
  /** The LLM is asked at the final transcript, before the turn is committed. */
  isPreemptive: boolean;
  /** A speech-to-speech model: no STT, no TTS, no end-of-turn figures. */
  isRealtime: boolean;
  turns: WildTurn[];
}

/** The request that gave the answer. */
export function answering(turn: WildTurn): WildRequest | undefined {
  return turn.requests.findLast(({ isCancelled }) => !isCancelled);
}

/** Computes when things happened from how long they took: when each request is sent, and the silence that is heard. */
export function finishTurn(turn: WildTurn, isPreemptive: boolean): void {
  const committedMs = turn.endOfTurnMs + turn.userLogicMs;
  const isKept = isPreemptive && !turn.requests.some(({ isCancelled }) => isCancelled);
  let nextMs = isKept ? turn.transcriptionMs : committedMs;
  for (const request of turn.requests) {
    if (request.isCancelled) {
      request.afterMs = turn.transcriptionMs;
      continue;
    }
    request.afterMs = nextMs;
    if (request.isToolCall) nextMs = Math.max(nextMs + request.durationMs, committedMs) + turn.toolMs;
  }
  const last = answering(turn);
  const textMs = last ? last.afterMs + Math.max(0, last.ttftMs) + turn.heldMs : committedMs;
  turn.e2eMs = Math.max(textMs, committedMs) + turn.ttfbMs + turn.playbackMs + turn.unexplainedMs;
}

/** A made-up key that the app of a call logs by mistake. */
export const secretOf = ({ job, room }: WildCall): string => `live-${room.slice(3)}${job.slice(3)}`;

/** The end-of-turn figures that are printed, ms: the true ones, or those that cannot be true. */
export function printedDelays(turn: WildTurn): { endOfTurnMs: number; transcriptionMs: number } {
  const { printedEndOfTurnMs, endOfTurnMs, transcriptionMs } = turn;
  return printedEndOfTurnMs === undefined
    ? { endOfTurnMs, transcriptionMs }
    : { endOfTurnMs: printedEndOfTurnMs, transcriptionMs: printedEndOfTurnMs - 90 };
}
