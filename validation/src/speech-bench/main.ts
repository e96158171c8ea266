import { findSttProfile, findTtsProfile, type TtsProfile } from '@firstword/emulator/speech';
import { PERCENTS } from '@firstword/provider-bench';
import { trueQuantileMs } from '@firstword/provider-bench/testing';
import { readOptions } from '../read-options.js';
import { FastClock } from './fast-clock.js';
import { measuredRun } from './measured-run.js';
import { replay } from './replay.js';

const HELP = `Checks the figures of the speech bench against the distributions that the emulated engines draw from.

  npm run bench:speech -- [options]

LiveKit's own STT and TTS classes measure the emulated services over real sockets, many times with different seeds. A shared
clock skips the time in which nothing happens. For each percentile: in how many seeds its interval holds the true value.

  --seeds N      runs (default 100: ten minutes)
  --first N      the first seed (default 1), to share the runs among processes
  --requests N   lines and sentences of each run (default 100)
  --replay       only record the engines, replay the recordings, and compare the percentiles
  --stt NAME     STT profile (default deepgram-nova-3)
  --tts NAME     TTS profile (default cartesia-sonic-3)
  --json         print the figures as JSON
  --help

Exit codes: 0 every percentile is in its interval in 93 of 100 seeds; 1 one is not.`;

const { values } = readOptions({
  options: {
    seeds: { type: 'string', default: '100' },
    first: { type: 'string', default: '1' },
    requests: { type: 'string', default: '100' },
    stt: { type: 'string', default: 'deepgram-nova-3' },
    tts: { type: 'string', default: 'cartesia-sonic-3' },
    replay: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const stt = findSttProfile(values.stt);
const tts = findTtsProfile(values.tts);
const [seeds, first, requests] = [values.seeds, values.first, values.requests].map(Number) as [
  number,
  number,
  number,
];
if (!(stt && tts && [seeds, first, requests].every((number) => Number.isInteger(number) && number > 0))) {
  console.error(`Expected whole numbers and known profiles.\n\n${HELP}`);
  process.exit(2);
}

/** The emulator takes no shorter silence than this for an end, ms. */
const SHORTEST_FINAL_MS = 150;

/**
 * From the first audio at the wire to the first audible sample from LiveKit's class, ms: it passes a frame of 100 ms on when
 * it has the next one, and the answer begins with silence.
 */
const heldBackMs = ({ chunkMs, speed, leadingSilenceMs }: TtsProfile) =>
  (Math.ceil(100 / chunkMs) * chunkMs) / speed + leadingSilenceMs;

const trueMs = {
  stt: (share: number) => Math.max(SHORTEST_FINAL_MS, trueQuantileMs({ ttft: stt.final }, share)),
  tts: (share: number) => trueQuantileMs({ ttft: tts.firstAudio }, share) + heldBackMs(tts),
};

const held = new Map<string, number>();
const count = (name: string, isHeld: boolean) => held.set(name, (held.get(name) ?? 0) + Number(isHeld));
/** Rounding of stored times, and the clock's own steps. */
const SLACK_MS = 0.01;

const clock = new FastClock();
if (values.replay) {
  const found = await replay({ stt, tts, requests, clock });
  for (const { kind, percent, recordedMs, replayedMs, agrees } of found) {
    const verdict = agrees ? 'agrees' : 'differs';
    console.log(
      `  ${kind} p${percent}: recorded ${recordedMs.toFixed(1)} ms, replayed ${replayedMs.toFixed(1)} ms: ${verdict}`,
    );
  }
  process.exit(found.length === 6 && found.every(({ agrees }) => agrees) ? 0 : 1);
}
const startedMs = performance.now();
for (let seed = first; seed < first + seeds; seed += 1) {
  const report = await measuredRun({ stt, tts, requests, seed, clock });
  for (const { arm, ttft, failures } of report.arms) {
    const kind = arm.kind === 'stt' ? 'stt' : 'tts';
    let isEachHeld = true;
    for (const percent of PERCENTS) {
      const { lowMs = 0, highMs = Number.POSITIVE_INFINITY } = ttft?.[`p${percent}`] ?? {
        lowMs: 1,
        highMs: 0,
      };
      const wanted = trueMs[kind](percent / 100);
      const isHeld = lowMs - SLACK_MS <= wanted && wanted <= highMs + SLACK_MS;
      isEachHeld &&= isHeld;
      count(`${arm.target}: p${percent} (${wanted.toFixed(0)} ms)`, isHeld);
    }
    count(`${arm.target}: all four`, isEachHeld);
    count(`${arm.target}: no failure`, failures?.count === 0 && ttft?.count === requests);
  }
  const done = seed - first + 1;
  if (process.stderr.isTTY || done % 10 === 0) console.error(`${done} of ${seeds} seeds`);
}
clock.close();
const figures = [...held].map(([figure, seedsHeld]) => ({ figure, held: seedsHeld, of: seeds }));
const seconds = Math.round((performance.now() - startedMs) / 1000);
if (values.json) console.log(JSON.stringify({ requests, seconds, figures }));
else {
  for (const { figure, held: seedsHeld, of } of figures) console.log(`  ${figure}: ${seedsHeld} of ${of}`);
  console.log(`n ${requests} a run, ${seconds} s`);
}
process.exit(figures.every(({ held: seedsHeld, of }) => seedsHeld >= Math.ceil(0.93 * of)) ? 0 : 1);
