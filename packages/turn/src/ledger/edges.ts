import type { MarkName } from '../marks.js';
import type { LedgerContext, Owner } from './owner.js';

interface NamedEdge<Name extends string> {
  /** The mark that has to come first. */
  from: MarkName;
  /** The mark that cannot happen before `from`. */
  to: MarkName;
  /** Name of the segment between the two. Several edges may share one. */
  name: Name;
  /** Who can make the segment shorter. */
  owner: (context: LedgerContext) => Owner;
  /** No work is done on this edge: `to` only waits for something else. It is never listed as hidden work. */
  waiting?: true;
}

const network = (): Owner => ({ kind: 'network' });
const app = (): Owner => ({ kind: 'app' });
const setting = (name: string) => (): Owner => ({ kind: 'setting', name });
const provider =
  (pick: (context: LedgerContext) => string | undefined, fallback: string) =>
  (context: LedgerContext): Owner => ({ kind: 'provider', name: pick(context) ?? fallback });
const stt = provider((c) => c.sttProvider, 'stt');
const llm = provider((c) => c.llmProvider, 'llm');
const tts = provider((c) => c.ttsProvider, 'tts');
const endpointing = (c: LedgerContext): Owner => ({
  kind: 'setting',
  name: c.endpointingSetting ?? 'endpointing',
});
const realtimeTurnDetection = (c: LedgerContext): Owner =>
  c.turnDetectionSetting === undefined
    ? { kind: 'provider', name: c.llmProvider ?? 'llm' }
    : { kind: 'setting', name: c.turnDetectionSetting };
const connecting = (c: LedgerContext): Owner =>
  c.connection === 'cold' ? { kind: 'setting', name: 'llm.warm' } : { kind: 'network' };

const TABLE = [
  { from: 'speechEnded', to: 'interimTranscript', name: 'interim transcript', owner: stt },
  { from: 'speechEnded', to: 'finalTranscript', name: 'final transcript', owner: stt },
  { from: 'speechEnded', to: 'endpointingElapsed', name: 'end-of-turn wait', owner: endpointing },
  { from: 'finalTranscript', to: 'turnCommitted', name: 'turn decision', owner: setting('turnDetection') },
  { from: 'endpointingElapsed', to: 'turnCommitted', name: 'turn decision', owner: setting('turnDetection') },
  { from: 'interimTranscript', to: 'speculationStarted', name: 'speculation', owner: setting('speculation') },
  { from: 'finalTranscript', to: 'speculationStarted', name: 'speculation', owner: setting('speculation') },
  // The words were there before the caller had finished: only the silence after them was waited for.
  { from: 'speechEnded', to: 'speculationStarted', name: 'speculation', owner: setting('speculation') },
  { from: 'speechEnded', to: 'turnEndAudio', name: 'provider turn detection', owner: realtimeTurnDetection },
  { from: 'turnEndAudio', to: 'turnEndSent', name: 'audio chunk', owner: app },
  // The provider's own time for its decision is in the round trip: it reports only where in the audio it decided.
  { from: 'turnEndSent', to: 'turnEndReported', name: 'provider round trip', owner: network },
  {
    from: 'speechEnded',
    to: 'turnEndReported',
    name: 'provider end of turn',
    owner: realtimeTurnDetection,
  },
  // Some providers report neither: the end of the turn, and the time to the model's first output, are one.
  { from: 'speechEnded', to: 'responseCreated', name: 'provider end of turn and first output', owner: llm },
  { from: 'turnEndReported', to: 'responseCreated', name: 'response created', owner: llm },
  { from: 'turnCommitted', to: 'responseCreated', name: 'response created', owner: llm },
  { from: 'logicEnded', to: 'responseCreated', name: 'response created', owner: llm },
  { from: 'responseCreated', to: 'firstContent', name: 'LLM first content', owner: llm },
  { from: 'responseCreated', to: 'responseAudio', name: 'model first audio', owner: llm },
  {
    from: 'turnEndReported',
    to: 'rescueStarted',
    name: 'wait for the rescue',
    owner: setting('rescue.afterMs'),
    waiting: true,
  },
  // Of a provider that reports no end of a turn, and has sent nothing.
  {
    from: 'speechEnded',
    to: 'rescueStarted',
    name: 'wait for the rescue',
    owner: setting('rescue.afterMs'),
    waiting: true,
  },
  // Where none was created before.
  { from: 'rescueStarted', to: 'responseCreated', name: 'response created', owner: llm },
  { from: 'rescueStarted', to: 'firstContent', name: 'LLM first content', owner: llm },
  { from: 'rescueStarted', to: 'responseAudio', name: 'model first audio', owner: llm },
  // An LLM answers what the realtime model has heard.
  { from: 'turnEndReported', to: 'finalTranscript', name: 'final transcript', owner: llm },
  // An LLM answers instead.
  { from: 'rescueStarted', to: 'llmRequested', name: 'to the LLM', owner: app },
  { from: 'turnCommitted', to: 'logicStarted', name: 'to your logic', owner: app },
  { from: 'speculationStarted', to: 'logicStarted', name: 'to your logic', owner: app },
  { from: 'logicStarted', to: 'logicEnded', name: 'your logic', owner: app },
  { from: 'speculationStarted', to: 'llmRequested', name: 'to the LLM', owner: app },
  { from: 'turnCommitted', to: 'llmRequested', name: 'to the LLM', owner: app },
  { from: 'logicEnded', to: 'llmRequested', name: 'to the LLM', owner: app },
  { from: 'llmRequested', to: 'connectionReady', name: 'connection', owner: connecting },
  { from: 'connectionReady', to: 'requestSent', name: 'request', owner: network },
  { from: 'requestSent', to: 'responseHeaders', name: 'LLM queue and prefill', owner: llm },
  { from: 'responseHeaders', to: 'firstDelta', name: 'LLM first delta', owner: llm },
  { from: 'firstDelta', to: 'firstContent', name: 'reasoning', owner: setting('reasoningEffort') },
  // For an LLM that reports no phases, only the time to first content is known.
  { from: 'llmRequested', to: 'firstContent', name: 'LLM first content', owner: llm },
  { from: 'firstContent', to: 'toolsReturned', name: 'tools', owner: app },
  { from: 'toolsReturned', to: 'contentAfterTools', name: 'LLM after tools', owner: llm },
  { from: 'contentAfterTools', to: 'firstClause', name: 'first clause', owner: setting('clause') },
  { from: 'firstContent', to: 'firstClause', name: 'first clause', owner: setting('clause') },
  // Without preemptive TTS, LiveKit holds the text back until the turn is committed.
  {
    from: 'turnCommitted',
    to: 'firstClause',
    name: 'TTS held for the commit',
    owner: setting('preemptiveTts'),
    waiting: true,
  },
  { from: 'firstClause', to: 'ttsRequested', name: 'hand-off to the TTS', owner: app },
  {
    from: 'turnCommitted',
    to: 'ttsRequested',
    name: 'TTS held for the commit',
    owner: setting('preemptiveTts'),
    waiting: true,
  },
  { from: 'ttsRequested', to: 'ttsFirstByte', name: 'TTS first byte', owner: tts },
  { from: 'toolsReturned', to: 'responseAudio', name: 'model after tools', owner: llm },
  { from: 'ttsFirstByte', to: 'framePublished', name: 'audio hand-off', owner: app },
  { from: 'responseAudio', to: 'framePublished', name: 'audio hand-off', owner: app },
  {
    from: 'turnCommitted',
    to: 'bridgeBegun',
    name: 'wait for the filler phrase',
    owner: setting('bridge.overMs'),
    waiting: true,
  },
  { from: 'bridgeBegun', to: 'framePublished', name: 'audio hand-off', owner: app },
  { from: 'turnCommitted', to: 'framePublished', name: 'reply released', owner: app, waiting: true },
  { from: 'logicEnded', to: 'framePublished', name: 'reply released', owner: app, waiting: true },
  { from: 'framePublished', to: 'firstAudible', name: 'leading silence', owner: tts },
  { from: 'firstAudible', to: 'callerHeard', name: 'transport', owner: network },
] as const satisfies readonly NamedEdge<string>[];

/**
 * Name of a segment of the ledger. Compare with this type instead of `string`, so that a misspelled name does not
 * compile.
 */
export type SegmentName = (typeof TABLE)[number]['name'];

/** Every `SegmentName` once, in the order of the edges. */
export const SEGMENT_NAMES: readonly SegmentName[] = [...new Set(TABLE.map(({ name }) => name))];

/**
 * A dependency between two marks: `to` cannot happen before `from`. Of all the edges into a mark, the one whose `from`
 * happened last is the one that delayed the mark: that edge is on the critical path.
 */
export type Edge = NamedEdge<SegmentName>;

/**
 * The critical-path graph of a voice turn: of a cascade (VAD → STT → LLM → TTS), or of a realtime model. Among edges into one mark whose `from`
 * marks happened at the same time, the first listed wins. The graph must not contain a cycle.
 */
export const EDGES: readonly Edge[] = TABLE;
