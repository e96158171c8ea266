import type { BenchArmReport } from '../analyse/arm-report.js';
import type { BenchReport } from '../analyse/report.js';
import type { BenchArm } from '../sample.js';
import { estimateText, ms, NONE } from './format.js';
import {
  type ArmNames,
  FULL_NAMES,
  fastestFirst,
  steadinessTable,
  type Table,
  timesTable,
  variantsTable,
} from './tables.js';

type Kind = NonNullable<BenchArm['kind']>;

/** The kinds of speech engines of a run, STT first. */
export const speechKinds = ({ arms }: BenchReport): Kind[] =>
  (['stt', 'tts'] as const).filter((kind) => arms.some(({ arm }) => arm.kind === kind));

/** The report of the arms of one kind. */
export function reportOf(report: BenchReport, kind: Kind): BenchReport {
  return {
    ...report,
    arms: report.arms.filter(({ arm }) => arm.kind === kind),
    rankings: report.rankings.filter((ranking) => ranking.kind === kind),
  };
}

const ofKind = (report: BenchReport, kind: Kind): BenchArmReport[] => fastestFirst(reportOf(report, kind));

/** Interim and preflight transcripts of the STTs. */
export function interimsTable(report: BenchReport, { name }: ArmNames = FULL_NAMES): Table {
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
export function audioTable(report: BenchReport, { name }: ArmNames = FULL_NAMES): Table {
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

/** Time to open a connection, over all connections that were opened. */
export function connectionsTable(report: BenchReport, { name }: ArmNames = FULL_NAMES): Table {
  const rows = report.arms.map(({ arm, speech }) => [
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

/** All tables of a run of speech engines. */
export function speechTables(report: BenchReport, naming: ArmNames = FULL_NAMES): (Table | undefined)[] {
  return [
    ...speechKinds(report).map((kind) => speechTimesTable(report, kind, { naming })),
    variantsTable(report, naming),
    steadinessTable(report, { naming }),
    interimsTable(report, naming),
    audioTable(report, naming),
    connectionsTable(report, naming),
  ];
}

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
};
