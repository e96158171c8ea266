import type { LedgerContext, Owner } from '../ledger/owner.js';
import { seenMark, toMarkGrid } from '../marks.js';
import { divide, type PathEdge, type SilenceSegment } from './path.js';

/**
 * The marks of a call's time to hello, in the order in which they usually happen. Any may be missing. A missing mark is never
 * estimated, and no order is assumed: a warm process has been started long before the caller arrives.
 */
export const HELLO_MARKS = [
  /** The caller has arrived in the room, or the call was answered. */
  'callerArrived',
  /** The worker received the job. */
  'jobReceived',
  /** The process that takes the call was started. */
  'processStarted',
  /** The agent's `prewarm` began. */
  'prewarmStarted',
  /** The agent's `prewarm` had finished. */
  'prewarmEnded',
  /** The process was given the job: the agent's `entry` begins. */
  'jobStarted',
  /** The agent was connected to the room. */
  'roomConnected',
  /** Loading of local models began in this call. */
  'modelsRequested',
  /** The local models were loaded. */
  'modelsLoaded',
  /** `session.start()` was called. */
  'sessionStarted',
  /** `session.start()` had finished. */
  'sessionReady',
  /** The greeting was asked for: by `say`, by `generateReply`, or by the session itself. */
  'greetingRequested',
  /** The LLM was asked for the greeting. */
  'llmRequested',
  /** First text of the greeting. */
  'firstContent',
  /** The TTS was asked for the greeting's audio. */
  'ttsRequested',
  /** First byte of audio from the TTS. */
  'ttsFirstByte',
  /** The agent's audio track was published, and the caller received it. */
  'trackSubscribed',
  /** First frame given to the transport. */
  'framePublished',
  /** First sample above the audible threshold, as it leaves the agent. */
  'firstAudible',
  /** The same sample at the caller, from a tape at the caller's side. */
  'callerHeard',
] as const;

/** Name of a mark of a call's time to hello. */
export type HelloMarkName = (typeof HELLO_MARKS)[number];

/** The marks of a time to hello, ms since the call began; those of before it are negative. A missing mark is `undefined`. */
export type HelloMarks = { readonly [name in HelloMarkName]?: number | undefined };

const network = (): Owner => ({ kind: 'network' });
const app = (): Owner => ({ kind: 'app' });
const setting = (name: string) => (): Owner => ({ kind: 'setting', name });
const llm = (c: LedgerContext): Owner => ({ kind: 'provider', name: c.llmProvider ?? 'llm' });
const tts = (c: LedgerContext): Owner => ({ kind: 'provider', name: c.ttsProvider ?? 'tts' });

const edge = (
  from: HelloMarkName,
  to: HelloMarkName,
  name: string,
  owner: PathEdge<HelloMarkName>['owner'],
): PathEdge<HelloMarkName> => ({ from, to, name, owner });

/** What each mark of a time to hello may have waited for. Each can be reached from `callerArrived`. */
export const HELLO_EDGES: readonly PathEdge<HelloMarkName>[] = [
  edge('callerArrived', 'jobReceived', 'dispatch', network),
  // No process was idle, or it was started for this job.
  edge('jobReceived', 'processStarted', 'wait for a process', setting('numIdleProcesses')),
  edge('callerArrived', 'processStarted', 'wait for a process', setting('numIdleProcesses')),
  edge('processStarted', 'prewarmStarted', 'process start', app),
  edge('prewarmStarted', 'prewarmEnded', 'prewarm', setting('prewarm')),
  edge('prewarmEnded', 'jobStarted', 'job start', app),
  edge('processStarted', 'jobStarted', 'process start', app),
  edge('jobReceived', 'jobStarted', 'job start', app),
  edge('callerArrived', 'jobStarted', 'dispatch', network),
  edge('jobStarted', 'roomConnected', 'room connection', network),
  edge('jobStarted', 'modelsRequested', 'your entry', app),
  edge('roomConnected', 'modelsRequested', 'your entry', app),
  edge('callerArrived', 'modelsRequested', 'your entry', app),
  edge('modelsRequested', 'modelsLoaded', 'model loading', setting('prewarm')),
  edge('jobStarted', 'sessionStarted', 'your entry', app),
  edge('roomConnected', 'sessionStarted', 'your entry', app),
  edge('modelsLoaded', 'sessionStarted', 'your entry', app),
  edge('callerArrived', 'sessionStarted', 'your entry', app),
  edge('sessionStarted', 'roomConnected', 'room connection', network),
  edge('sessionStarted', 'sessionReady', 'session start', app),
  edge('roomConnected', 'sessionReady', 'session start', app),
  edge('modelsLoaded', 'sessionReady', 'session start', app),
  edge('sessionStarted', 'greetingRequested', 'session start', app),
  edge('sessionReady', 'greetingRequested', 'your entry', app),
  edge('greetingRequested', 'llmRequested', 'to the LLM', app),
  edge('llmRequested', 'firstContent', 'LLM first content', llm),
  edge('firstContent', 'ttsRequested', 'first clause', setting('clause')),
  edge('greetingRequested', 'ttsRequested', 'hand-off to the TTS', app),
  edge('ttsRequested', 'ttsFirstByte', 'TTS first byte', tts),
  edge('roomConnected', 'trackSubscribed', 'audio track', network),
  edge('sessionStarted', 'trackSubscribed', 'audio track', network),
  edge('ttsFirstByte', 'framePublished', 'audio hand-off', app),
  edge('trackSubscribed', 'framePublished', 'audio hand-off', app),
  edge('greetingRequested', 'framePublished', 'audio hand-off', app),
  edge('framePublished', 'firstAudible', 'leading silence', tts),
  edge('firstAudible', 'callerHeard', 'transport', network),
];

/** A call's time to hello, divided into segments. */
export interface HelloLedger {
  /** From the caller's arrival to the first audible sample, ms; `undefined` if one of the two was not seen. */
  helloMs: number | undefined;
  /** In time order, contiguous; they sum to `helloMs` exactly. */
  segments: SilenceSegment[];
  /** Work that ran at the same time, or before the caller had arrived. Not part of the time. */
  hidden: SilenceSegment[];
  /** Marks that were not recorded. */
  missing: HelloMarkName[];
  /** Why there is no time to hello, if there is none. */
  problem: string | undefined;
}

/** The recorded marks on the grid of marks; those that are not finite or out of range count as missing. */
export function seenHelloMarks(marks: HelloMarks): Map<HelloMarkName, number> {
  const seen = new Map<HelloMarkName, number>();
  for (const name of HELLO_MARKS) {
    const ms = seenMark(marks[name]);
    if (ms !== undefined) seen.set(name, ms);
  }
  return seen;
}

/** The time to hello between these marks, ms, without its ledger; `undefined` if there is none. */
export function helloBetween(marks: HelloMarks): number | undefined {
  const startMs = seenMark(marks.callerArrived);
  const endMs = seenMark(marks.callerHeard) ?? seenMark(marks.firstAudible);
  return startMs === undefined || endMs === undefined || endMs < startMs
    ? undefined
    : toMarkGrid(endMs - startMs);
}

/**
 * Divides a call's time to hello into segments with owners. Time between two marks that no edge joins is `unaccounted`.
 *
 * @param context names of providers, for the owners
 */
export function helloLedger(marks: HelloMarks, context: LedgerContext = {}): HelloLedger {
  const seen = seenHelloMarks(marks);
  const missing = HELLO_MARKS.filter((name) => !seen.has(name));
  const end: HelloMarkName = seen.has('callerHeard') ? 'callerHeard' : 'firstAudible';
  const [startMs, endMs] = [seen.get('callerArrived'), seen.get(end)];
  const none = (problem: string): HelloLedger => ({
    helloMs: undefined,
    segments: [],
    hidden: [],
    missing,
    problem,
  });
  if (startMs === undefined) return none('the caller’s arrival was not seen');
  if (endMs === undefined) return none('no audible greeting was seen');
  if (endMs < startMs) return none('the agent was heard before the caller had arrived');
  return {
    helloMs: toMarkGrid(endMs - startMs),
    ...divide({ seen, edges: HELLO_EDGES, start: 'callerArrived', end, context }),
    missing,
    problem: undefined,
  };
}
