import type { Percentiles } from '@firstword/records';
import { ascending, percentile } from '@firstword/turn/statistics';
import type { BenchSample, SpeechTimes } from '../sample.js';
import { percentilesOf } from './quantile.js';
import { withoutUndefined } from './values.js';

type SttTimes = Extract<SpeechTimes, { kind: 'stt' }>;
type TtsTimes = Extract<SpeechTimes, { kind: 'tts' }>;
type RealtimeTimes = Extract<SpeechTimes, { kind: 'realtime' }>;

/** Figures of an STT besides the time to the final transcript, ms. */
export interface SttFigures {
  kind: 'stt';
  /** From the first sample of speech to the first interim transcript. */
  firstInterim?: Percentiles;
  /** Interval between interim transcripts: the median of each utterance. */
  interimEvery?: Percentiles;
  /** Interim transcripts of an utterance, p50. */
  interimsP50?: number;
  /** Preflight transcripts after the last word; a negative one came before it. Absent where the engine sends none. */
  eager?: Percentiles;
  /** Time to open a connection, where one was opened. */
  connection?: Percentiles;
}

/** Figures of a TTS besides the time to the first audible sample, ms. */
export interface TtsFigures {
  kind: 'tts';
  /** First audio (TTFB). */
  firstByte?: Percentiles;
  /** From the first audio to the first audible sample, p50: leading silence. */
  leadingSilenceP50Ms?: number;
  /** Duration of the audio, p50. */
  audioP50Ms?: number;
  /** Time to open a connection, where one was opened. */
  connection?: Percentiles;
}

/** Figures of a realtime model besides the time to the first audible sample, ms. */
export interface RealtimeFigures {
  kind: 'realtime';
  /** From the request for the connection to a session that hears. */
  session?: Percentiles;
  /** The provider's report that the turn is over. Absent where it sends none. */
  turnEnd?: Percentiles;
  /** From that report, or the report that a response has begun, to the first audio, p50. Absent where it sends neither. */
  generationP50Ms?: number;
  /** First audio. */
  firstByte?: Percentiles;
  /** From the first audio to the first audible sample, p50: leading silence. */
  leadingSilenceP50Ms?: number;
  /** Time to open a connection. */
  connection?: Percentiles;
}

/** The figures of a speech engine or a realtime model. */
export type SpeechFigures = SttFigures | TtsFigures | RealtimeFigures;

const medianOf = (values: readonly number[]) =>
  values.length === 0 ? undefined : percentile(ascending(values), 50);

const present = <T>(all: readonly T[], of: (one: T) => number | undefined) =>
  all.flatMap((one) => of(one) ?? []);

function sttFigures(all: readonly SttTimes[], connection: Percentiles | undefined): SttFigures {
  return {
    kind: 'stt',
    ...withoutUndefined({
      firstInterim: percentilesOf(present(all, ({ firstInterimMs }) => firstInterimMs)),
      interimEvery: percentilesOf(present(all, ({ interimEveryMs }) => interimEveryMs)),
      interimsP50: medianOf(all.map(({ interims }) => interims)),
      eager: percentilesOf(present(all, ({ eagerMs }) => eagerMs)),
      connection,
    }),
  };
}

/** The differences where both are known. */
const between = (fromMs: number | undefined, toMs: number | undefined): number[] =>
  fromMs === undefined || toMs === undefined ? [] : [toMs - fromMs];

function ttsFigures(all: readonly TtsTimes[], connection: Percentiles | undefined): TtsFigures {
  const leading = all.flatMap(({ firstByteMs, firstAudibleMs }) => between(firstByteMs, firstAudibleMs));
  return {
    kind: 'tts',
    ...withoutUndefined({
      firstByte: percentilesOf(present(all, ({ firstByteMs }) => firstByteMs)),
      leadingSilenceP50Ms: medianOf(leading),
      audioP50Ms: medianOf(all.map(({ audioMs }) => audioMs)),
      connection,
    }),
  };
}

function realtimeFigures(
  all: readonly RealtimeTimes[],
  opened: readonly BenchSample[],
  connection: Percentiles | undefined,
): RealtimeFigures {
  const sessionsMs = opened.flatMap(({ speech }) =>
    speech?.kind === 'realtime' ? (speech.sessionMs ?? []) : [],
  );
  return {
    kind: 'realtime',
    ...withoutUndefined({
      session: percentilesOf(sessionsMs),
      turnEnd: percentilesOf(present(all, ({ turnEndMs }) => turnEndMs)),
      generationP50Ms: medianOf(
        all.flatMap(({ turnEndMs, createdMs, firstByteMs }) => between(turnEndMs ?? createdMs, firstByteMs)),
      ),
      firstByte: percentilesOf(present(all, ({ firstByteMs }) => firstByteMs)),
      leadingSilenceP50Ms: medianOf(
        all.flatMap(({ firstByteMs, firstAudibleMs }) => between(firstByteMs, firstAudibleMs)),
      ),
      connection,
    }),
  };
}

/**
 * The figures of an arm's answered requests; `undefined` for an LLM.
 * @param opened the same requests, failed and warm-up ones included: all connections that were opened
 */
export function speechFigures(
  answered: readonly BenchSample[],
  opened: readonly BenchSample[],
): SpeechFigures | undefined {
  const all = answered.flatMap(({ speech }) => speech ?? []);
  const connection = percentilesOf(opened.flatMap(({ speech }) => speech?.connectionMs ?? []));
  const stt = all.filter((times) => times.kind === 'stt');
  if (stt.length > 0) return sttFigures(stt, connection);
  const realtime = all.filter((times) => times.kind === 'realtime');
  if (realtime.length > 0) return realtimeFigures(realtime, opened, connection);
  const tts = all.filter((times) => times.kind === 'tts');
  return tts.length > 0 ? ttsFigures(tts, connection) : undefined;
}
