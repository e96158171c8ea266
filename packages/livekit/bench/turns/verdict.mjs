/** Judges the turns of a finished call against what each should have been. */
import { numberIn, repliesOf } from './call.mjs';
import { FAULTS } from './faults.mjs';
import { levelOf } from './number-tts.mjs';
import { turnOf } from './schedule.mjs';

/** What is counted, and what each count means. All but `turns`, `reached` and `starved` must be 0. */
export const COUNTS = {
  turns: 'turns played',
  reached: 'turns in which the primary, with its fault, was asked',
  lost: 'not answered, or failed without an error of the session',
  doubled: 'answered or spoken twice',
  stale: 'the answer to superseded words was spoken',
  twice: 'a tool ran twice',
  early: 'a tool ran before the commit, or for superseded words',
  skipped: 'a tool that the answer called did not run',
  counted: 'a failed turn counted as answered',
  starved: 'not judged as live: the provider’s thread was too late itself, on a busy machine',
  cut: 'an answer that made progress was cut, or asked for again',
};
export const FAULT_COUNTS = Object.keys(COUNTS).filter(
  (name) => !['turns', 'reached', 'starved'].includes(name),
);

export const emptyRow = () => Object.fromEntries(Object.keys(COUNTS).map((name) => [name, 0]));

/** @returns {{ kind: string, fault: string, row: object, story: object }} */
export function judge(call, n, starved) {
  const { kind, fault: name, tools } = turnOf(call.index, n);
  const fault = FAULTS[name];
  const traces = call.requests.filter(({ turn }) => turn === n).map(({ trace }) => trace);
  const attempts = traces.flatMap((trace) => trace.attempts ?? []);
  const texts = repliesOf(call).filter((text) => numberIn(text) === n);
  const runs = call.toolRuns.filter(({ words }) => numberIn(words) === n);
  const level = levelOf(n);
  const record = call.records.find(({ callerText }) => numberIn(callerText) === n);
  // A `cut` fault is in the last request, which answers the committed words; a `failure` fault also in one before a tool.
  const last = traces.at(-1);
  const deciding =
    fault.expect === 'cut' ? (last?.attempts ?? []) : last?.outcome === 'finished' ? attempts : [];
  const isByBackup = deciding.some(({ provider, outcome }) => provider === 'backup' && outcome === 'won');
  const expect = isByBackup && !fault.both ? 'answer' : fault.expect;
  const isWhole = texts.some(
    (text) => /that was question/iu.test(text) && numberIn(text.split('That')[1]) === n,
  );
  const row = { ...emptyRow(), turns: 1 };
  row.reached = Number(attempts.some(({ provider }) => provider === 'primary'));
  // An answer that was interrupted right at its start may be missing in history.
  const isSilent = !call.played.includes(level) || (texts.length === 0 && kind !== 'barge-in');
  if (expect !== 'failure')
    row.lost = Number(isSilent || (expect === 'answer' && kind !== 'barge-in' && !isWhole));
  else row.lost = Number(!traces.some(({ outcome }) => outcome === 'failed') || call.errors.length === 0);
  row.doubled = Number(texts.length > 1 || call.played.filter((played) => played === level).length > 1);
  row.stale = Number(call.played.includes(-level));
  const expected = expect === 'answer' ? 1 : 0;
  for (const tool of ['look', 'reserve']) {
    const times = runs.filter(({ name }) => name === tool).length;
    if (times > 1) row.twice++;
    if (times < (tools.includes(tool) ? expected : 0)) row.skipped++;
  }
  row.early = runs.filter(({ words, asked }) => words.includes('draft') || numberIn(asked) !== n).length;
  if (expect === 'failure') {
    const hasGap = record?.outcome === undefined && record?.feltGapMs !== undefined && fault.both;
    const isFinished = traces.some(({ outcome }) => outcome === 'finished');
    row.counted = Number(texts.length > 0 || isFinished || hasGap || record?.outcome === 'answered');
  }
  if (expect === 'cut')
    row.counted = Number(!isWhole && kind !== 'barge-in' && record?.outcome === 'answered');
  const isEnded = traces.some(({ decisions }) =>
    decisions?.some(({ decision }) => /^ended early/u.test(decision)),
  );
  const isReplaced = attempts.some(({ reason }) => reason === 'replace');
  row.starved = Number(fault.live === true && starved.includes(n));
  row.cut = Number(fault.live === true && !row.starved && (isEnded || isReplaced));
  return {
    kind,
    fault: name,
    row,
    story: { texts, isPlayed: call.played.includes(level), runs, requests: traces.map(storyOf) },
  };
}

/** What the router did for one request, for the list of bad turns; times in ms after the request. */
function storyOf({ marks, outcome, attempts = [], decisions = [] }) {
  const after = (atMs) => Math.round(atMs - marks.llmRequested);
  const tried = attempts.map(({ provider, reason, outcome, error, startedMs }) =>
    [`${after(startedMs)} ${provider} ${reason} ${outcome}`, error].filter(Boolean).join(' '),
  );
  return { outcome, tried, decisions: decisions.map(({ atMs, decision }) => `${after(atMs)} ${decision}`) };
}
