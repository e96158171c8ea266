import type { Measure } from '@firstword/records';
import type { RefusedInput } from '@firstword/records/import';
import type { CallRecord, Marks, Segment, TurnOutcome, TurnRecord } from '@firstword/turn';
import type { PublishedTtft } from './references.js';

/** How long the parts of a turn took, ms, whether or not they are on the critical path. Unknown parts are `undefined`. */
export interface TurnParts {
  /** From the caller's last sample to the last interim transcript; 0 where that came before it. */
  interimMs?: number | undefined;
  /** From the caller's last sample to the final transcript. */
  sttFinalMs?: number | undefined;
  /**
   * Time from the final transcript to the reported end of speech, ms. Close to 0 if the STT engine reports both, because it
   * does so at the same moment.
   */
  finalLeadMs?: number | undefined;
  /** From the caller's last sample to the speculation that was kept, or the last one. */
  startedMs?: number | undefined;
  /** From the caller's last sample until the end-of-turn wait had run out. */
  endpointWaitMs?: number | undefined;
  /** From the caller's last sample to the commit of the turn; contains `sttFinalMs` and `endpointWaitMs`. */
  endOfTurnMs?: number | undefined;
  /** The user's own code at the end of the turn. */
  logicMs?: number | undefined;
  /** From the caller's last sample to the release of the reply, as chat histories report it. */
  replyReleasedMs?: number | undefined;
  connectMs?: number | undefined;
  /** From the request sent to the response's headers. */
  headersMs?: number | undefined;
  /** From the LLM's start to its first delta of any kind. */
  firstDeltaMs?: number | undefined;
  /** From the LLM's start to its first content; in exports, to the first chunk. */
  ttftMs?: number | undefined;
  /** From the first delta to the first content. */
  reasoningMs?: number | undefined;
  /** How long the first content was there before the turn was committed. */
  leadMs?: number | undefined;
  toolsMs?: number | undefined;
  /** From the tools' return to the second answer's first content. */
  afterToolsMs?: number | undefined;
  /** From the first content to the text handed to the TTS. */
  clauseMs?: number | undefined;
  ttsMs?: number | undefined;
  /** From the TTS's first byte to the first frame given to the transport. */
  frameMs?: number | undefined;
  /** Silence at the beginning of the answer's audio. */
  silenceMs?: number | undefined;
  /** From the first audible sample at the agent to the caller. */
  transportMs?: number | undefined;
  /** From the first frame sent to its playback, as exports report it. */
  playbackMs?: number | undefined;
  /** From the LLM's start to its first whole sentence, as exports report it. */
  firstSentenceMs?: number | undefined;
  /** From the first content to the last, as exports report it. */
  streamMs?: number | undefined;
}

/** The shape of an answer's text, without the text. */
export interface ReplyShape {
  characters: number;
  /** Words by script, such as `Devanagari`, `Latin`. */
  wordsByScript: Record<string, number>;
  /** Where LiveKit's sentence tokenizer can cut it: `. ? !` followed by more. */
  cuts: number;
  /** Where a tokenizer that knows the script can: danda and CJK stops too. */
  cutsInScript: number;
  /** Whether the text contains Markdown formatting, which speech does not need. */
  hasMarkup: boolean;
}

/** A stage of a turn that can be waited for. */
export type TurnStage =
  | 'stt'
  | 'endpointing'
  | 'decision'
  | 'logic'
  | 'connection'
  | 'request'
  | 'llm'
  | 'failover'
  | 'reasoning'
  | 'tools'
  | 'afterTools'
  | 'clause'
  | 'held'
  | 'voice'
  | 'handOff'
  | 'silence'
  | 'transport'
  | 'realtimeTurnDetection'
  | 'realtimeNetwork'
  | 'realtimeModel'
  | 'realtimeUnreported'
  | 'rescue';

/** One turn as rules see it: small, without transcripts, the same for every source. */
export interface EvidenceTurn {
  callId: string;
  turn: number;
  /** Wall time at which the caller stopped, Unix ms. */
  atMs: number;
  /** `file:line`. */
  place: string;
  /** `Firstword`, or the export that it was read from. */
  from: string;
  /**
   * What `gapMs` is: to the first audible sample, only to the first frame sent, or the sum of the parts that
   * a log reports.
   */
  measure: Measure | 'reportedParts';
  gapMs: number | undefined;
  problem: string | undefined;
  /** How it ended; `undefined` if it is not reported. */
  outcome: TurnOutcome | undefined;
  failure: TurnRecord['failure'];
  parts: TurnParts;
  marks: Marks;
  /** Time on the critical path by segment, ms, as the ledger names it; empty for exports without a ledger. */
  path: Readonly<Partial<Record<Segment['name'], number>>>;
  interrupted: boolean;
  bargeIn: boolean;
  toolCalls: number;
  tools: TurnRecord['tools'];
  afterTools: TurnRecord['afterTools'];
  speech: TurnRecord['speech'];
  toolSilence: TurnRecord['toolSilence'];
  interruptions: TurnRecord['interruptions'];
  /** Whether a speech-to-speech model answered. */
  isRealtime: boolean;
  /** Its responses in this turn; `undefined` if they are not reported. */
  realtime: TurnRecord['realtime'];
  /** Whether it was asked again. */
  rescue: TurnRecord['rescue'];
  transport: TurnRecord['transport'];
  llm: TurnRecord['llm'];
  stt: TurnRecord['stt'];
  tts: TurnRecord['tts'];
  speculation: TurnRecord['speculation'];
  trimmedMs: number | undefined;
  clauseLeadMs: number | undefined;
  bridge: TurnRecord['bridge'];
  levers: TurnRecord['levers'];
  settings: TurnRecord['settings'];
  reply: ReplyShape | undefined;
  /** Figures that cannot be true, as reported, such as `llm_node_ttft -0.2 s`. */
  impossibleValues: readonly string[];
  /** What was logged between the end of the caller's speech and the end of the next turn's, in this call. */
  events: readonly RunEvent[];
}

/** The language of the agent's LiveKit SDK; `none` for an agent of another framework. */
export type SdkLanguage = 'python' | 'node' | 'none';

/** A log line of an agent or its libraries, or a span of a trace, about a condition that delays turns. */
export type RunEventKind =
  | 'slow inference'
  | 'event loop blocked'
  | 'process not scheduled'
  | 'process unresponsive'
  | 'high load'
  | 'quota used up'
  | 'rate limited'
  | 'model refused'
  | 'llm retried'
  | 'tts retried'
  | 'stt retried'
  | 'speculation discarded'
  | 'detector failed'
  | 'detector late'
  | 'llm failed'
  | 'late transcript'
  | 'reconnected'
  | 'session closed'
  | 'tool called';

/** One such event. */
export interface RunEvent {
  kind: RunEventKind;
  place: string;
  /** Wall time, Unix ms; for an event with a duration, its beginning. Absent where it is not reported. */
  atMs?: number;
  /** The call id, where reported. */
  call?: string;
  /** Duration, where reported; of a retry, the pause before it. */
  ms?: number;
  /** The model, provider or cause, where reported. */
  subject?: string;
}

/** What was read and what was not. */
export interface LogInputSummary {
  files: number;
  lines: number;
  bytes: number;
  /** Lines by kind. */
  understood: { as: string; lines: number }[];
  duplicates: number;
  badLines: number;
  /** The first few, by file and line. */
  someBadLines: { file: string; line: number; reason: string }[];
  skippedFiles: { name: string; reason: string }[];
  /** Formats that hold no turns, with what to export instead. */
  refused: RefusedInput[];
}

/** The time to hello of one call, as rules see it. */
export interface EvidenceHello {
  callId: string;
  /** `file:line`. */
  place: string;
  helloMs: number;
  segments: CallRecord['segments'];
  greeting: CallRecord['greeting'];
}

/** Input of the rules. */
export interface Evidence {
  /** The calls whose time to hello is known. */
  hellos: readonly EvidenceHello[];
  /** Calls in the order of their first turn; each in the order of its turns. */
  calls: readonly (readonly EvidenceTurn[])[];
  /** All turns of all calls. */
  turns: readonly EvidenceTurn[];
  /** Turns that have a gap. Savings are computed on these. */
  answered: readonly EvidenceTurn[];
  /** Events of all calls, also those that belong to no turn. */
  events: readonly RunEvent[];
  /** Ranges of times to first token that the user gave; they come before the published ones. */
  ranges?: readonly PublishedTtft[];
  /** The SDK that wrote the data; `undefined` where that is not known. */
  sdk?: SdkLanguage | undefined;
  /**
   * Stages that are taken to be changed too: savings are what comes on top. With `everything else`, savings are not bounded
   * by other work that ends shortly before. None by default.
   */
  alsoChanged?: readonly TurnStage[] | 'everything else';
  /** Counts of everything that was read; more than `turns` where only some calls were kept. */
  seen: { turns: number; calls: number };
  input: LogInputSummary;
}
