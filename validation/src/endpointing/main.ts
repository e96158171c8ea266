import { readFile, writeFile } from 'node:fs/promises';
import { prewarmCalls } from '@firstword/livekit';
import { moonshineStt } from '@firstword/local';
import { FirstwordError } from '@firstword/turn';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { recordCorpus } from './corpus.js';
import { crossValidate } from './cross-validation.js';
import { curve } from './curve.js';
import { modelAuc } from './evaluate.js';
import type { EndpointingRecording, RecordedPause } from './pause.js';
import { eotFigures } from './people/eot-figures.js';
import { readSpeech } from './people/manifest.js';
import { groupsOf, peopleReport } from './people/people-report.js';
import { recordPeople } from './people/record-people.js';
import { renderEotFigures, renderPeople, renderPolicies } from './table.js';

const HELP = `Measures the trade-off between endpointing delay and cut-offs.

Synthesizes the lines of firstword compare and 60 lines of held-out domains in four voices, runs LiveKit's VAD and
end-of-turn model and the embedded speech-to-text on them, and computes for each endpointing policy how long after the
caller's last sample the turn is committed, and how many lines are cut off. Needs no LLM, session or key; takes a few
minutes.

  npm run bench:endpointing                        record and print the results
  npm run bench:endpointing -- --record FILE       also save the recordings
  npm run bench:endpointing -- --from FILE         compute the results from saved recordings, without recording
  npm run bench:endpointing -- --speech DIR        every utterance of people's recordings instead of synthesized lines: a
                                                   folder with a manifest.jsonl (docs/measurements/endpointing.md#people);
                                                   some 5 s a recording
  --final-after MS  with --speech or --from: final transcripts come this long after the last sound; the embedded STT's take some
                    350 ms in a session. By default the speech-to-text is never waited for
  --json            print one JSON object on stdout; progress on stderr
  --markdown        print the tables as Markdown, as in docs/measurements/endpointing.md
`;

const { values } = readOptions({
  options: {
    record: { type: 'string' },
    from: { type: 'string' },
    speech: { type: 'string' },
    'final-after': { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function makeRecording(): Promise<EndpointingRecording> {
  const stop = new AbortController();
  const { signal } = stop;
  process.once('SIGINT', () => stop.abort());
  const speech = values.speech === undefined ? undefined : await readSpeech(values.speech);
  prewarmCalls();
  const stt = moonshineStt({});
  const report = (what: string) => (done: number, count: number) =>
    process.stderr.write(`\r${what} ${done} of ${count}${done === count ? '\n' : ''}`);
  try {
    await stt.ready({ signal });
    if (!speech) return await recordCorpus({ stt, onLine: report('line'), signal });
    const onUtterance = report('recording');
    const count = speech.utterances.length;
    return await recordPeople(speech, { stt, onUtterance: (done) => onUtterance(done, count), signal });
  } finally {
    await stt.close();
  }
}

const isComplete = (pauses: readonly RecordedPause[]): boolean =>
  pauses.length > 0 && pauses.every(({ answers, words }) => answers && words !== undefined);

async function loadRecording(path: string): Promise<EndpointingRecording> {
  try {
    const recording = JSON.parse(await readFile(path, 'utf8')) as EndpointingRecording;
    if (isComplete(recording.livekit) && isComplete(recording.firstword)) return recording;
    throw new TypeError('not a file of --record');
  } catch (cause) {
    throw new FirstwordError('bad_input', `${path} contains no recordings: give a file that --record wrote`, {
      cause,
    });
  }
}

function finalAfterMs(): number {
  const ms = Number(values['final-after']);
  if (!(ms >= 0)) throw new FirstwordError('bad_input', '--final-after takes a number of ms, such as 350');
  return ms;
}

function printPeople(recording: EndpointingRecording): void {
  const people = peopleReport(recording, { finalAfterMs: finalAfterMs() });
  const eot = eotFigures(recording.firstword.filter((pause) => groupsOf(pause).includes('all')));
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ type: 'endpointing', people, eot, recording })}\n`);
    return;
  }
  process.stdout.write(`People

${renderPeople(people, { markdown: values.markdown })}

With the best threshold, delay and timeout for these pauses, as livekit/eot-bench chooses them

${renderEotFigures(eot, { markdown: values.markdown })}

Commit delays are measured from the last speech sample. In brackets: 95 % bootstrap intervals over speakers.
`);
}

function printSynthetic(recording: EndpointingRecording): void {
  const { livekit, firstword } = recording;
  const lines = (compared: boolean): EndpointingRecording => ({
    livekit: livekit.filter((pause) => pause.compared === compared),
    firstword: firstword.filter((pause) => pause.compared === compared),
  });
  const [compared, heldOut] = [curve(lines(true)), curve(lines(false))];
  const split = crossValidate(recording);
  const auc = [160, 224, 256].map((silenceMs) => ({ silenceMs, auc: modelAuc(firstword, silenceMs) }));
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ type: 'endpointing', compared, heldOut, split, auc, recording })}\n`,
    );
    return;
  }
  const { markdown } = values;
  const sections = [
    ['The lines of firstword compare', renderPolicies(compared, { markdown })],
    ['Lines of held-out domains', renderPolicies(heldOut, { markdown })],
    [
      'Parameters fitted to one half of the lines, evaluated on the other',
      renderPolicies(split, { markdown }),
    ],
  ];
  process.stdout.write(sections.map(([title, table]) => `${title}\n\n${table}\n`).join('\n'));
  const shares = auc.map((at) => `${(at.auc * 100).toFixed(0)} % (${at.silenceMs} ms)`).join(', ');
  process.stdout.write(`
The model gives a line's end a higher probability than a pause inside a line in ${shares} of the pairs; 50 % is chance.
`);
  process.stdout.write(
    '\nCommit delays are measured from the last speech sample. In brackets: 95 % bootstrap intervals over lines.\n',
  );
}

async function main(): Promise<void> {
  if (values.from && values.speech)
    throw new FirstwordError('bad_input', 'give --from or --speech, not both');
  finalAfterMs();
  const recording = values.from ? await loadRecording(values.from) : await makeRecording();
  if (values.record) await writeFile(values.record, `${JSON.stringify(recording)}\n`);
  const isPeople = recording.firstword.some(({ kind }) => kind !== undefined);
  if (isPeople) printPeople(recording);
  else printSynthetic(recording);
}

if (values.help) process.stdout.write(HELP);
else await runToEnd(main);
