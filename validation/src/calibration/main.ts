import { readFile, writeFile } from 'node:fs/promises';
import { prewarmCalls } from '@firstword/livekit';
import { smartTurn } from '@firstword/local';
import { type EndOfTurnDetector, FirstwordError } from '@firstword/turn';
import { RATE_HZ } from '../endpointing/people/audio.js';
import { readSpeech } from '../endpointing/people/manifest.js';
import { MODEL } from '../endpointing/policies.js';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { type AskedModel, type PauseAnswer, recordAnswers } from './answers.js';
import { calibrationReport, renderCalibration } from './report.js';

const HELP = `Measures and calibrates end-of-turn models on recordings of people.

Plays each utterance through LiveKit's VAD, asks the models after 160, 256 and 416 ms of each silence, and prints for each
model and group of recordings: the area under its ROC curve, its log loss before and after a calibration fitted to other
speakers, and the two numbers of that calibration. Those of English go into packages/turn/src/endpointing/calibration-data.ts.
Needs no key; takes some minutes.

  npm run calibrate -- --speech DIR                a folder with a manifest.jsonl (docs/measurements/endpointing.md)
  npm run calibrate -- --speech DIR --smart-turn   ask Smart Turn too (fetch it once: npx firstword fetch smart-turn)
  npm run calibrate -- --speech DIR --record FILE  also save the answers
  npm run calibrate -- --from FILE                 compute from saved answers
  --json            print one JSON object on stdout; progress on stderr
`;

const { values } = readOptions({
  options: {
    speech: { type: 'string' },
    'smart-turn': { type: 'boolean', default: false },
    record: { type: 'string' },
    from: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function record(dir: string): Promise<PauseAnswer[]> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const speech = await readSpeech(dir);
  const count = speech.utterances.length;
  const onUtterance = (done: number) =>
    process.stderr.write(`\rrecording ${done} of ${count}${done === count ? '\n' : ''}`);
  prewarmCalls();
  const own = values['smart-turn'] ? smartTurn() : undefined;
  try {
    await own?.ready();
    const models: AskedModel[] = [{ name: MODEL }, ...(own ? [asked(own, stop.signal)] : [])];
    return await recordAnswers(speech, { models, onUtterance, signal: stop.signal });
  } finally {
    await own?.close();
  }
}

const asked = (detector: EndOfTurnDetector, signal: AbortSignal): AskedModel => ({
  name: detector.name,
  predict: (audio) => detector.predict({ audio, sampleRateHz: RATE_HZ, signal }),
});

async function main(): Promise<void> {
  if ((values.speech === undefined) === (values.from === undefined))
    throw new FirstwordError('bad_input', 'give --speech DIR or --from FILE');
  const answers =
    values.from === undefined
      ? await record(values.speech!)
      : (JSON.parse(await readFile(values.from, 'utf8')) as PauseAnswer[]);
  if (values.record) await writeFile(values.record, JSON.stringify(answers));
  const results = calibrationReport(answers);
  const text = values.json ? JSON.stringify({ type: 'calibration', results }) : renderCalibration(results);
  process.stdout.write(`${text}\n`);
}

if (values.help) process.stdout.write(HELP);
else await runToEnd(main);
