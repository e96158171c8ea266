// Runs `firstword` and measures wall time, and on Linux memory and CPU time.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../packages/firstword/bin/firstword.js', import.meta.url));
const POLL_MS = 50;
/** Clock ticks per second in /proc/PID/stat on Linux. */
const TICKS = 100;

/** Reads peak resident memory and CPU time of a running process from /proc. */
async function watch(pid, seen) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const peak = /VmHWM:\s+(\d+) kB/.exec(status);
  if (peak) seen.peakMB = Number(peak[1]) / 1024;
  const times = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ');
  if (times) seen.cpuSeconds = (Number(times[11]) + Number(times[12])) / TICKS;
}

/** Runs `firstword ARGS` and parses the JSON object that it prints. */
export async function timed(args) {
  const seen = {};
  const startedMs = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setInterval(() => watch(child.pid, seen), POLL_MS);
  let json = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    json += part;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`firstword ${args[0]} ended with ${code}`);
  return { seconds: (performance.now() - startedMs) / 1000, ...seen, printed: JSON.parse(json) };
}

/** `12.3 s, 20.1 s CPU time, 640 MB peak resident memory` */
export function costText({ seconds, peakMB, cpuSeconds }) {
  const cost =
    peakMB === undefined
      ? ''
      : `, ${cpuSeconds.toFixed(1)} s CPU time, ${Math.round(peakMB)} MB peak resident memory`;
  return `${seconds.toFixed(1)} s${cost}`;
}
