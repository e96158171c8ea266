import type { PlattFit } from '@firstword/turn';
import { groupBy } from '@firstword/turn/statistics';
import { auc } from '../endpointing/auc.js';
import { type BootstrappedFigure, bootstrapped, figureText } from '../endpointing/bootstrapped.js';
import { renderTable } from '../endpointing/table.js';
import type { PauseAnswer } from './answers.js';
import { fitPlatt, heldOut, logLoss } from './fit.js';

/** A model on the recordings of one band, kind or language. Intervals are over speakers. */
export interface ModelResult {
  model: string;
  group: string;
  speakers: number;
  ends: number;
  pauses: number;
  auc: BootstrappedFigure;
  /** Mean log loss in bits of the answers as they are, and calibrated on other speakers; 1 is a model that knows nothing. */
  rawLoss: BootstrappedFigure;
  calibratedLoss: BootstrappedFigure;
  /** Fitted to all of the group's answers. */
  fit: PlattFit;
}

/** Fewer ends or pauses than these say nothing. */
const MIN_EACH = 8;
const RESAMPLES = 400;

type Statistic = (answers: readonly PauseAnswer[]) => number;

const figure = (answers: readonly PauseAnswer[], statistic: Statistic) =>
  bootstrapped(answers, ({ speaker }) => speaker, statistic, { resamples: RESAMPLES });

const pausesOf = (answers: readonly PauseAnswer[], end: boolean) =>
  answers.filter((answer) => answer.end === end && answer.silenceMs === 160).length;

function resultOf(model: string, group: string, answers: readonly PauseAnswer[]): ModelResult | undefined {
  const [ends, pauses] = [pausesOf(answers, true), pausesOf(answers, false)];
  if (ends < MIN_EACH || pauses < MIN_EACH) return undefined;
  const fitted = heldOut(answers);
  return {
    ...{ model, group, ends, pauses },
    speakers: new Set(answers.map(({ speaker }) => speaker)).size,
    auc: figure(answers, auc),
    rawLoss: figure(answers, logLoss),
    calibratedLoss: figure(fitted, logLoss),
    fit: fitPlatt(answers),
  };
}

/** Kinds of recordings in which a person speaks to somebody who is to answer; in the others, a pause after a sentence is none. */
const TURNS = new Set(['request', 'short', 'digits', 'phone-turn']);

const isTurn = ({ kind, language }: PauseAnswer) => TURNS.has(kind) && language.startsWith('en');
const languageOf = ({ language }: PauseAnswer) => language.slice(0, 2);

/** Turns in English, as a whole and by band; readings and monologues, by language. */
const groupsOf = (answers: readonly PauseAnswer[]): [string, PauseAnswer[]][] => {
  const turns = answers.filter(isTurn);
  const others = answers.filter((answer) => !isTurn(answer));
  return [
    ['turns', turns],
    ...[...groupBy(turns, ({ band }) => band)].map(groupName('turns')),
    ...[...groupBy(others, languageOf)].map(groupName('readings and monologues')),
  ];
};

const groupName =
  (of: string) =>
  ([name, answers]: [string, PauseAnswer[]]): [string, PauseAnswer[]] => [`${of}, ${name}`, answers];

/** Each model on each group of recordings that has enough ends and pauses. */
export function calibrationReport(answers: readonly PauseAnswer[]): ModelResult[] {
  return [...groupBy(answers, ({ model }) => model)].flatMap(([model, own]) =>
    groupsOf(own).flatMap(([group, part]) => resultOf(model, group, part) ?? []),
  );
}

const number = (value: number) => value.toFixed(2);
const shown = (figure: BootstrappedFigure) => figureText(figure, number);

/** The results as a Markdown table. */
export function renderCalibration(results: readonly ModelResult[]): string {
  const rows = results.map(({ model, group, speakers, ends, pauses, fit, ...figures }) => [
    ...[model, group, String(speakers), String(ends), String(pauses), shown(figures.auc)],
    ...[shown(figures.rawLoss), shown(figures.calibratedLoss), number(fit.slope), number(fit.offset)],
  ]);
  const columns = [
    ...['model', 'recordings', 'speakers', 'ends', 'pauses', 'AUC'],
    ...['log loss, bits', 'calibrated', 'slope', 'offset'],
  ];
  return renderTable(columns, rows, { markdown: true });
}
