import { armsOf, callsOf, type SpokenCall, synthesizeCall } from '@firstword/calls';
import { HOSTED_STTS, HOSTED_TTSS, prewarmCalls } from '@firstword/livekit';
import { fliteTts } from '@firstword/local';
import { unknownName } from '@firstword/turn';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { type JudgedLine, playFaultyCalls } from './calls.js';
import { LINE_FAULTS, UNUSED_KINDS } from './faults.js';
import { addRow, emptyRow, FORBIDDEN } from './verdict.js';

const HELP = `Plays calls to agents with hosted STTs and TTSs (LiveKit's plugins, emulated services) with one fault in each line.

Each of ${Object.keys(LINE_FAULTS).length - 1} faults comes equally often, and some lines have none. Counts the lines that were answered, those of which somebody was
told (an apology, a question to repeat, an error event), and those that must not be: lost without a word, answered twice,
answered for other words. Exits with 1 if a count that must be 0 is not.

  npm run bench:speech-faults                                 every STT and every TTS once, 100 lines a pair
  npm run bench:speech-faults -- --pairs deepgram+cartesia --lines 1000
  npm run bench:speech-faults -- --faults 'no-final;none'     only these
  npm run bench:speech-faults -- --arm livekit                LiveKit's defaults instead of Firstword's
  --at-once 3                                                 calls at once, default 2
  --seed 1
  --json                                                      print one JSON object on stdout
`;

const { values } = readOptions({
  options: {
    pairs: { type: 'string' },
    lines: { type: 'string', default: '100' },
    faults: { type: 'string' },
    arm: { type: 'string', default: 'firstword' },
    'at-once': { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** Every STT beside one TTS, and every TTS beside one STT. */
const everyPart = () => [
  ...Object.keys(HOSTED_STTS).map((stt) => `${stt}+cartesia`),
  ...Object.keys(HOSTED_TTSS)
    .filter((tts) => tts !== 'cartesia')
    .map((tts) => `deepgram+${tts}`),
];

async function spokenCalls(): Promise<SpokenCall[]> {
  const spoken: SpokenCall[] = [];
  for (const call of callsOf('core')) {
    const voice = fliteTts({ voice: call.voice });
    spoken.push({ ...call, clips: await synthesizeCall({ lines: call.lines, voice }) });
    await voice.close();
  }
  return spoken;
}

/** So many lines as calls of `calls`, over and over, spread over `atOnce` lists. */
function dealt(calls: readonly SpokenCall[], lines: number, atOnce: number): SpokenCall[][] {
  const hands: SpokenCall[][] = Array.from({ length: atOnce }, () => []);
  for (let index = 0, dealtLines = 0; dealtLines < lines; index += 1) {
    const call = calls[index % calls.length]!;
    hands[index % atOnce]!.push({ ...call, id: `${call.id}-${index}` });
    dealtLines += call.clips.length;
  }
  return hands;
}

function printPair(pair: string, judged: readonly JudgedLine[]): void {
  const byFault = Object.fromEntries(Object.keys(LINE_FAULTS).map((name) => [name, emptyRow()]));
  const all = emptyRow();
  for (const { fault, row } of judged) {
    addRow(byFault[fault]!, row);
    addRow(all, row);
  }
  console.log(`\n${pair}`);
  console.table({ ...Object.fromEntries(Object.entries(byFault).filter(([, { turns }]) => turns > 0)), all });
  for (const line of judged.filter(({ row }) => FORBIDDEN.some((name) => row[name] > 0)))
    console.log(JSON.stringify(line));
}

async function main(): Promise<void> {
  if (UNUSED_KINDS.length > 0) throw new Error(`no line has these faults: ${UNUSED_KINDS.join(', ')}`);
  const [lines, atOnce, seed] = [Number(values.lines), Number(values['at-once']), Number(values.seed)];
  const arm = armsOf(values.arm)[0]!;
  const faults = values.faults?.split(';').map((name) => name.trim()) ?? Object.keys(LINE_FAULTS);
  for (const name of faults)
    if (!LINE_FAULTS[name]) throw unknownName('fault', name, Object.keys(LINE_FAULTS));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  prewarmCalls();
  const calls = await spokenCalls();
  const results: Record<string, JudgedLine[]> = {};
  for (const pair of values.pairs?.split(',') ?? everyPart()) {
    if (stop.signal.aborted) break;
    const judged: JudgedLine[] = [];
    results[pair] = judged;
    await Promise.all(
      dealt(calls, lines, atOnce).map((hand, index) =>
        playFaultyCalls({
          pair,
          arm,
          faults,
          calls: hand,
          seed: seed * 100 + index,
          signal: stop.signal,
          onLine: (line) => {
            judged.push(line);
            if (process.stderr.isTTY) process.stderr.write(`\r${pair}: ${judged.length} of ${lines} lines `);
          },
        }),
      ),
    );
    if (!values.json) printPair(pair, judged);
  }
  if (values.json)
    process.stdout.write(`${JSON.stringify({ type: 'speech-faults', arm: arm.name, results })}\n`);
  const bad = Object.values(results)
    .flat()
    .filter(({ row }) => FORBIDDEN.some((name) => row[name] > 0)).length;
  if (bad > 0)
    throw new Error(`${bad} lines were lost without a word, answered twice or answered for other words.`);
}

if (values.help) process.stdout.write(HELP);
else await runToEnd(main);
