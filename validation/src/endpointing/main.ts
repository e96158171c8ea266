import { readFile, writeFile } from 'node:fs/promises';
import { prewarmCalls } from '@firstword/livekit';
import { moonshineStt } from '@firstword/local';
import { FirstwordError } from '@firstword/turn';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import {
  curve,
  modelSkill,
  type RecordedPause,
  type Recording,
  recordCorpus,
  renderPolicies,
  splitReport,
} from './index.js';

const HELP = `How long to wait at a pause, and whom that cuts off.

Speaks the lines of firstword compare and 60 others in four voices, hears them with LiveKit's VAD and end-of-turn model
and the embedded speech-to-text, and works out for each way of waiting how long after the caller's last sample the turn
is committed, and in how many lines a pause was taken for the end. No LLM, no session, no key; a few minutes.

  npm run bench:endpointing                        record, and print the curve
  npm run bench:endpointing -- --record FILE       keep the recordings
  npm run bench:endpointing -- --from FILE         work the curve out from them again, at once
  --json            everything as one JSON object on stdout; progress on stderr
  --markdown        the tables as docs/endpointing.md has them
`;

const { values } = readOptions({
  options: {
    record: { type: 'string' },
    from: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function record(): Promise<Recording> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  prewarmCalls();
  const stt = moonshineStt({});
  try {
    await stt.ready({ signal: stop.signal });
    return await recordCorpus({
      stt,
      onLine: (done, count) =>
        process.stderr.write(`\rline ${done} of ${count}${done === count ? '\n' : ''}`),
      signal: stop.signal,
    });
  } finally {
    await stt.close();
  }
}

const areHeard = (pauses: readonly RecordedPause[]): boolean =>
  pauses.length > 0 && pauses.every(({ answers, words }) => answers && words !== undefined);

async function recorded(path: string): Promise<Recording> {
  try {
    const recording = JSON.parse(await readFile(path, 'utf8')) as Recording;
    if (areHeard(recording.livekit) && areHeard(recording.firstword)) return recording;
    throw new TypeError('not what --record writes');
  } catch (cause) {
    throw new FirstwordError('bad_input', `${path} holds no recordings: give a file that --record wrote`, {
      cause,
    });
  }
}

async function main(): Promise<void> {
  const recording = values.from ? await recorded(values.from) : await record();
  if (values.record) await writeFile(values.record, `${JSON.stringify(recording)}\n`);
  const { livekit, firstword } = recording;
  const lines = (compared: boolean): Recording => ({
    livekit: livekit.filter((pause) => pause.compared === compared),
    firstword: firstword.filter((pause) => pause.compared === compared),
  });
  const [compared, own] = [curve(lines(true)), curve(lines(false))];
  const split = splitReport(recording);
  const skill = [160, 224, 256].map((silenceMs) => ({ silenceMs, skill: modelSkill(firstword, silenceMs) }));
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ type: 'endpointing', compared, own, split, skill, recording })}\n`,
    );
    return;
  }
  const { markdown } = values;
  const sections = [
    ['The lines of firstword compare', renderPolicies(compared, { markdown })],
    ['Lines to other desks', renderPolicies(own, { markdown })],
    ['Waits fitted to one half of the lines, held to the other', renderPolicies(split, { markdown })],
  ];
  process.stdout.write(sections.map(([title, table]) => `${title}\n\n${table}\n`).join('\n'));
  const shares = skill.map((at) => `${(at.skill * 100).toFixed(0)} % (${at.silenceMs} ms)`).join(', ');
  process.stdout.write(`
The model gives a line's end a higher probability than a pause inside a line in ${shares} of the pairs; 50 % is chance.
`);
  process.stdout.write(
    '\nCommit: from the last speech sample. In brackets: 95 % intervals, lines drawn with all their voices.\n',
  );
}

if (values.help) process.stdout.write(HELP);
else await runToEnd(main);
