// Measures the resources of a call: CPU and memory of the demo and all its processes during a call, the event loop delay of
// the agent, and the time until the studio is ready. Linux only (/proc).
//   npm run bench:footprint -- [TURNS=10] [STARTS=5]
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ascending, percentile } from '@firstword/turn/statistics';

const CLI = fileURLToPath(new URL('../bin/firstword.js', import.meta.url));
const OUT = join(tmpdir(), `firstword-footprint-${process.pid}`);
const TICKS_PER_S = 100;
const SAMPLE_MS = 500;
/** Samples before this time are discarded: they contain loading and the greeting. */
const STEADY_AFTER_MS = 10_000;

const [turns = 10, starts = 5] = process.argv.slice(2).map(Number);

/** CPU ticks and resident memory of a process and all its descendants, including threads. */
function usage(rootPid) {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const rssKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      parents.set(Number(pid), {
        parent: Number(fields[1]),
        ticks: Number(fields[11]) + Number(fields[12]),
        rssKb,
      });
    } catch {
      // The process has ended in the meantime.
    }
  }
  const total = { ticks: 0, rssMb: 0, processes: 0 };
  for (const [pid, { ticks, rssKb }] of parents) {
    for (let at = pid; at !== 0 && at !== undefined; at = parents.get(at)?.parent) {
      if (at !== rootPid) continue;
      total.ticks += ticks;
      total.rssMb += rssKb / 1024;
      total.processes += 1;
      break;
    }
  }
  return total;
}

async function demo() {
  const child = spawn(process.execPath, [CLI, 'demo', '--turns', String(turns), '--json', '--out', OUT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const startedMs = performance.now();
  const cores = [];
  let peakMb = 0;
  let before;
  const timer = setInterval(() => {
    const now = { ...usage(child.pid), atMs: performance.now() };
    peakMb = Math.max(peakMb, now.rssMb);
    if (before && now.atMs - startedMs > STEADY_AFTER_MS && now.ticks >= before.ticks) {
      cores.push((((now.ticks - before.ticks) / TICKS_PER_S) * 1000) / (now.atMs - before.atMs));
    }
    before = now;
  }, SAMPLE_MS);
  let summary;
  for await (const line of createInterface({ input: child.stdout })) {
    const value = JSON.parse(line);
    if (value.type === 'summary') {
      summary = value;
      clearInterval(timer);
    }
  }
  clearInterval(timer);
  return { summary, peakMb, cores: ascending(cores) };
}

function studioReadyMs() {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [CLI, 'studio', '--port', '0', '--out', OUT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let readyMs;
    child.stdout.on('data', (text) => {
      if (readyMs !== undefined || !String(text).includes('Firstword studio')) return;
      readyMs = performance.now() - startedMs;
      child.kill('SIGINT');
    });
    child.on('exit', () =>
      readyMs === undefined ? reject(new Error('the studio did not start')) : resolve(readyMs),
    );
  });
}

const startsMs = [];
for (let i = 0; i < starts; i++) startsMs.push(await studioReadyMs());
const readyMs = ascending(startsMs);
const { summary, peakMb, cores } = await demo();
const mean = cores.reduce((sum, share) => sum + share, 0) / cores.length;
const gap = summary.records.feltGap;
console.log(
  `studio ready            p50 ${Math.round(percentile(readyMs, 50))} ms, max ${Math.round(readyMs.at(-1))} ms (n ${starts})`,
);
console.log(
  `CPU during the call     mean ${(mean * 100).toFixed(0)} % of one core, p95 ${(percentile(cores, 95) * 100).toFixed(0)} % (n ${cores.length} × ${SAMPLE_MS} ms, all processes)`,
);
console.log(`memory, all processes   peak ${Math.round(peakMb)} MB resident`);
console.log(
  `event loop delay        p99 ${summary.eventLoop.p99Ms.toFixed(1)} ms, max ${summary.eventLoop.maxMs.toFixed(1)} ms`,
);
console.log(
  `felt gap (${summary.llm.label})  p50 ${Math.round(gap.p50.valueMs)} ms, p95 ${Math.round(gap.p95.valueMs)} ms (n ${gap.count})`,
);
