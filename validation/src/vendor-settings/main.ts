import { callsOf, synthesizeCall } from '@firstword/calls';
import { prewarmCalls } from '@firstword/livekit';
import { fliteTts } from '@firstword/local';
import { ascending, percentile } from '@firstword/turn/statistics';
import { readOptions } from '../read-options.js';
import { runToEnd } from '../run-to-end.js';
import { sttDelays } from './stt.js';
import { firstAudioMs } from './tts.js';
import { STT_VARIANTS, TTS_VARIANTS } from './variants.js';

const HELP = `Measures what settings of hosted STTs and TTSs are worth, with LiveKit's plugins and emulated services.

Plays the lines of firstword compare to every variant of an STT at once, in real time, and lets every variant of a TTS speak
the same answers. Published delays, the same seed for every variant. Needs no key; about three minutes.

  npm run bench:vendors
  npm run bench:vendors -- --lines 8   only so many lines and answers; default 25
  --json                               print one JSON object on stdout
`;

const { values } = readOptions({
  options: {
    lines: { type: 'string', default: '25' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const SEED = 1;
const whole = (ms: number) => (Number.isFinite(ms) ? Math.round(ms) : '–');
const at = (ms: number[], percent: number) => whole(percentile(ascending(ms), percent));
const figures = (ms: number[]) => `${at(ms, 50)} / ${at(ms, 95)} (n ${ms.length})`;

async function main(): Promise<void> {
  prewarmCalls();
  const count = Number(values.lines);
  const calls = callsOf('all').filter(({ voice, snrDb }) => voice === 'rms' && snrDb === undefined);
  const lines = calls.flatMap((call) => call.lines).filter(({ parts }) => parts.length === 1);
  const voice = fliteTts({ voice: 'rms' });
  const spoken = await synthesizeCall({ lines, voice });
  await voice.close();
  const clips = Array.from({ length: count }, (_, index) => spoken[index % spoken.length]!);
  const stts = await Promise.all(
    STT_VARIANTS.map(async (variant) => ({
      name: variant.name,
      ...(await sttDelays(variant, { clips, seed: SEED })),
    })),
  );
  const ttss = await Promise.all(
    TTS_VARIANTS.map(async (variant) => ({
      name: variant.name,
      firstAudioMs: await firstAudioMs(variant, { answers: count, seed: SEED }),
    })),
  );
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ type: 'vendor-settings', stts, ttss })}\n`);
    return;
  }
  const rows = [
    'STT: from the last sample of the line, p50 / p95 ms: first transcript with all words that starts an answer; final',
    ...stts.map(
      ({ name, wholeMs, finalMs }) => `  ${name.padEnd(62)}${figures(wholeMs)}; ${figures(finalMs)}`,
    ),
    'TTS: from the last word of the first clause to the first audio, p50 / p95 ms',
    ...ttss.map(({ name, firstAudioMs: ms }) => `  ${name.padEnd(72)}${figures(ms)}`),
  ];
  process.stdout.write(`${rows.join('\n')}\n`);
}

if (values.help) process.stdout.write(HELP);
else await runToEnd(main);
