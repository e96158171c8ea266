import type { BenchArmReport } from '../analyse/arm-report.js';
import type { BenchReport } from '../analyse/report.js';
import type { BenchArm } from '../sample.js';
import { estimateText, ms, NONE } from './format.js';
import { type ArmNames, FULL_NAMES, fastestFirst, type Table, timesTable } from './tables.js';

type Kind = NonNullable<BenchArm['kind']>;

/** The kinds of a run besides LLMs, STT first. */
export const speechKinds = ({ arms }: BenchReport): Kind[] =>
  (['stt', 'tts', 'realtime'] as const).filter((kind) => arms.some(({ arm }) => arm.kind === kind));

/** The report of the arms of one kind; of LLMs without one. */
export function reportOf(report: BenchReport, kind?: Kind): BenchReport {
  return {
    ...report,
    arms: report.arms.filter(({ arm }) => arm.kind === kind),
    rankings: report.rankings.filter((ranking) => ranking.kind === kind),
  };
}

const ofKind = (report: BenchReport, kind: Kind): BenchArmReport[] => fastestFirst(reportOf(report, kind));

/** Interim and preflight transcripts of the STTs. */
function interimsTable(report: BenchReport, { name }: ArmNames = FULL_NAMES): Table {
  const rows = ofKind(report, 'stt').map(({ arm, speech }) => {
    const figures = speech?.kind === 'stt' ? speech : undefined;
    const { firstInterim, interimEvery, interimsP50, eager } = figures ?? {};
    return [
      name(arm.id),
      estimateText(firstInterim?.p50),
      ms(firstInterim?.p95.valueMs),
      ms(interimEvery?.p50.valueMs),
      ms(interimEvery?.p95.valueMs),
      interimsP50 === undefined ? NONE : String(Math.round(interimsP50)),
      ms(eager?.p50.valueMs),
    ];
  });
  const heads = ['ms', 'first p50', 'p95', 'every p50', 'p95', 'per line', 'preflight p50'];
  return { title: 'Interim transcripts', heads, rows };
}

/** First audio and leading silence of the TTSs. */
function audioTable(report: BenchReport, { name }: ArmNames = FULL_NAMES): Table {
  const rows = ofKind(report, 'tts').map(({ arm, speech }) => {
    const figures = speech?.kind === 'tts' ? speech : undefined;
    const { firstByte, leadingSilenceP50Ms, audioP50Ms } = figures ?? {};
    return [
      name(arm.id),
      estimateText(firstByte?.p50),
      estimateText(firstByte?.p95),
      ms(leadingSilenceP50Ms),
      ms(audioP50Ms),
    ];
  });
  const heads = ['ms', 'TTFB p50', 'TTFB p95', 'leading silence p50', 'audio p50'];
  return { title: 'First audio', heads, rows };
}

/** What a realtime model's time to the first audible sample is made of, and the time to its session. */
function realtimeTable(report: BenchReport, { name }: ArmNames = FULL_NAMES): Table {
  const rows = ofKind(report, 'realtime').map(({ arm, speech }) => {
    const figures = speech?.kind === 'realtime' ? speech : undefined;
    const { session, turnEnd, generationP50Ms, firstByte, leadingSilenceP50Ms } = figures ?? {};
    return [
      name(arm.id),
      estimateText(session?.p50),
      estimateText(turnEnd?.p50),
      ms(generationP50Ms),
      estimateText(firstByte?.p50),
      ms(leadingSilenceP50Ms),
    ];
  });
  const heads = ['p50, ms', 'session', 'turn end', 'to first audio', 'first audio', 'leading silence'];
  return { title: 'Realtime models: session and parts of the answer', heads, rows };
}

/** Time to open a connection, over all connections that were opened. */
function connectionsTable(report: BenchReport, { name }: ArmNames = FULL_NAMES): Table {
  const spoken = report.arms.filter(({ arm }) => arm.kind);
  const rows = spoken.map(({ arm, speech }) => [
    name(arm.id),
    String(speech?.connection?.count ?? NONE),
    estimateText(speech?.connection?.p50),
    estimateText(speech?.connection?.p95),
  ]);
  return { title: 'Opening a connection', heads: ['ms', 'n', 'p50', 'p95'], rows };
}

const TITLES: Record<Kind, { title: string; head: string }> = {
  stt: { title: 'Final transcript after the last word', head: 'final transcript, ms' },
  tts: { title: 'First audible sample after the text', head: 'first audible, ms' },
  realtime: { title: 'First audible sample of the answer after the last word', head: 'first audible, ms' },
};

/** The compared times of one kind, as the table of LLMs. */
export function speechTimesTable(
  report: BenchReport,
  kind: Kind,
  options: Parameters<typeof timesTable>[1] = {},
): Table {
  const { title, head } = TITLES[kind];
  const table = timesTable(reportOf(report, kind), options);
  return { ...table, title, heads: [head, ...table.heads.slice(1)] };
}

/** The tables of what hears or speaks, besides the compared times. */
export const speechDetailTables = (report: BenchReport, naming: ArmNames = FULL_NAMES): Table[] => [
  interimsTable(report, naming),
  audioTable(report, naming),
  realtimeTable(report, naming),
  connectionsTable(report, naming),
];

/** What a plot of one kind shows, as text. */
export const SPEECH_PLOTS: Record<Kind, { note: string; measure: string }> = {
  stt: {
    note: 'Share of lines whose final transcript had come this many ms after the last word.',
    measure: 'the time to the final transcript',
  },
  tts: {
    note: 'Share of sentences whose first sound could be heard this many ms after the text.',
    measure: 'the time to the first audible sample',
  },
  realtime: {
    note: 'Share of lines whose answer could be heard this many ms after the last word.',
    measure: 'the time to the first audible sample of the answer',
  },
};
