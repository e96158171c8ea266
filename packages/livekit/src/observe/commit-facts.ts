import type { Clock, TurnRecord } from '@firstword/turn';
import type { metrics, stt, voice } from '@livekit/agents';
import { activityParts, activityTurnDetection } from '../internals/session-activity.js';
import type { Repair } from '../repair/watch-repairs.js';
import type { UnheardSpeech } from '../session/ask-again.js';
import { DelayedTurnDetector } from '../session/end-of-turn.js';
import type { EndpointDecision } from '../session/endpointing.js';
import type { Levers } from '../session/levers.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { hasSpeechEdges, tracedOutput } from '../transport/traced.js';
import type { SttPart, TurnFacts, TurnWork } from './observed-turn.js';

/** LiveKit's metrics of the end of a caller's turn. */
export type EouMetrics = Extract<metrics.AgentMetrics, { type: 'eou_metrics' }>;

/** The end of a caller's turn that brought no words, in the form of LiveKit's metrics: LiveKit has none for it. */
export function unheardMetrics(unheard: UnheardSpeech, speechId: string, clock: Clock): EouMetrics {
  const waitedMs = clock.nowMs() - unheard.endedMs;
  return {
    type: 'eou_metrics',
    timestamp: clock.wallMs(),
    lastSpeakingTimeMs: clock.wallMs() - waitedMs,
    endOfUtteranceDelayMs: waitedMs,
    transcriptionDelayMs: 0,
    onUserTurnCompletedDelayMs: 0,
    speechId,
  };
}

/** What was heard of the caller before a commit. */
export interface CallerSpeech {
  interimsMs: number[];
  finalMs?: number | undefined;
  words: string;
  /** The end-of-turn model took the turn for unfinished. */
  isUnsureOfEnd: boolean;
  bargeIn: boolean;
  /** The turn goes on with one that was committed in a pause. */
  repaired?: TurnFacts['repaired'];
}

/** Nothing heard yet. */
export const noSpeech = (): CallerSpeech => ({
  interimsMs: [],
  words: '',
  isUnsureOfEnd: false,
  bargeIn: false,
});

/** The newest turn was only half of one: what is heard from now on, and the next commit, are of the whole. */
export function noteRepair(
  { speechId, words, resumedMs, stoppedMs }: Repair,
  newest: TurnFacts | undefined,
  speech: CallerSpeech,
): void {
  const times = { resumedMs, ...(stoppedMs === undefined ? {} : { stoppedMs }) };
  if (newest && newest.speechId === speechId) newest.repaired = { part: 'half', ...times };
  speech.repaired = { part: 'whole', ...times };
  // The caller has spoken over an answer to their own half sentence.
  speech.bargeIn = false;
  speech.words = `${words} ${speech.words}`.trim();
}

/** Input of `committedFacts`, besides LiveKit's metrics. */
export interface CommitContext {
  session: voice.AgentSession;
  clock: Clock;
  callStartMs: number;
  /** Number of the turn, from 1. */
  turn: number;
  work: TurnWork;
  speech: CallerSpeech;
  /** Copy the caller's words. */
  transcripts: boolean;
  levers?: Readonly<Levers> | undefined;
  transport?: TurnRecord['transport'];
  /** Wall time as a time of the clock, ms. */
  fromWall(wallMs: number): number;
}

type Endpointing = { minDelay: number; maxDelay: number };

/** The endpointing decision as record settings; empty without Firstword's detector. */
function decisionSettings(decision: EndpointDecision | undefined): TurnFacts['settings'] {
  if (!decision) return {};
  const { bound, waitMs, probability, modelProbability, ending, confidence } = decision;
  return {
    'endpointing.bound': `endpointing.${bound}`,
    'endpointing.waitMs': waitMs,
    'endpointing.probability': probability,
    ...(modelProbability === undefined ? {} : { 'endpointing.modelProbability': modelProbability }),
    ...(ending === undefined ? {} : { 'endpointing.ending': ending }),
    ...(confidence === undefined ? {} : { 'endpointing.confidence': confidence }),
  };
}

/** The last speech sample: exact if the input measures energy, else the VAD's end of speech. */
function speechEnd(session: voice.AgentSession, vadEndMs: number | undefined, committedMs: number) {
  const input = session.input.audio;
  if (!hasSpeechEdges(input)) return vadEndMs;
  return input.edges.lastSpeech((vadEndMs ?? committedMs) - 2000, committedMs) ?? vadEndMs;
}

function sttPart(stt: stt.STT): SttPart {
  const { provider, model } = stt;
  if (!(stt instanceof EagerSTT)) return { provider, model };
  const { reconnections, unconfirmedFinals } = stt.takeRepairs();
  return {
    provider,
    model,
    ...(reconnections > 0 ? { reconnections } : {}),
    ...(unconfirmedFinals > 0 ? { isUnconfirmed: true } : {}),
  };
}

/** The facts of a turn at its commit: what led to it, and the settings in force. */
export function committedFacts(eou: EouMetrics, context: CommitContext): TurnFacts {
  const { session, clock, speech, fromWall } = context;
  const { stt, tts } = activityParts(session);
  const logicEndedMs = clock.nowMs();
  const logicStartedMs = logicEndedMs - eou.onUserTurnCompletedDelayMs;
  const vadEndMs = eou.lastSpeakingTimeMs > 0 ? fromWall(eou.lastSpeakingTimeMs) : undefined;
  // LiveKit's times are whole milliseconds: rounding must not put the commit after the events that follow it.
  const committedMs =
    vadEndMs === undefined ? logicStartedMs : Math.min(logicStartedMs, vadEndMs + eou.endOfUtteranceDelayMs);
  const { minDelay, maxDelay } = session.sessionOptions.turnHandling.endpointing as Endpointing;
  const detector = activityTurnDetection(session);
  const decision = detector instanceof DelayedTurnDetector ? detector.decision : undefined;
  const waitMs = decision?.waitMs ?? (speech.isUnsureOfEnd ? maxDelay : minDelay);
  const elapsedMs = vadEndMs === undefined ? undefined : vadEndMs + waitMs;
  return {
    turn: context.turn,
    wallMs: clock.wallMs() - (logicEndedMs - committedMs),
    callStartMs: context.callStartMs,
    speechEndedMs: speechEnd(session, vadEndMs, committedMs),
    interimsMs: speech.interimsMs,
    finalMs: speech.finalMs,
    endpointingElapsedMs:
      elapsedMs !== undefined && elapsedMs <= committedMs + 2 ? Math.min(elapsedMs, committedMs) : undefined,
    committedMs,
    speechId: eou.speechId,
    logicStartedMs,
    logicEndedMs,
    work: context.work,
    isOutputTraced: session.output.audio ? tracedOutput(session.output.audio) !== undefined : undefined,
    interrupted: false,
    bargeIn: speech.bargeIn,
    repaired: speech.repaired,
    toolCalls: 0,
    stt: stt && sttPart(stt),
    tts: tts && { provider: tts.provider, model: tts.model },
    settings: {
      'endpointing.minDelay': minDelay,
      'endpointing.maxDelay': maxDelay,
      'endpointing.bound': speech.isUnsureOfEnd ? 'endpointing.maxDelay' : 'endpointing.minDelay',
      ...decisionSettings(decision),
    },
    levers: context.levers,
    transport: context.transport,
    callerText: context.transcripts ? speech.words : undefined,
  };
}
