// Takes docs/studio.png from a real run: starts the studio and plays the sample call in Chromium, the first turns with
// LiveKit's defaults, the others with Firstword's levers. Run it on an idle machine: load changes the figures on it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const TURNS_EACH = 3;
const PICTURE = fileURLToPath(new URL('../docs/studio.png', import.meta.url));
const MOST_BYTES = 300_000;
const CLI = fileURLToPath(new URL('../packages/firstword/bin/firstword.js', import.meta.url));
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
];

/** Resolves with the studio's address when it accepts calls. */
async function addressOf(studio) {
  let address;
  for await (const line of createInterface({ input: studio.stdout })) {
    address ??= /http:\/\/\S+/.exec(line)?.[0];
    if (line.includes('Ctrl-C')) return address;
  }
  throw new Error('The studio ended before it was ready. Try: npm start');
}

async function takePicture(address) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
  });
  try {
    const viewport = { width: 1280, height: 800 };
    const page = await browser.newPage({ viewport, deviceScaleFactor: 1, colorScheme: 'light' });
    await page.goto(address);
    await page.click('[data-testid=start-sample]:enabled');
    const ledger = (turn) => `[data-testid=felt-gap][data-turn="${turn}"][data-final=true]`;
    await page.waitForSelector(ledger(TURNS_EACH), { timeout: 120_000 });
    await page.click('[data-testid=preset-firstword]');
    await page.waitForSelector(ledger(2 * TURNS_EACH), { timeout: 120_000 });
    console.log(`Felt gap shown: ${await page.getAttribute(ledger(2 * TURNS_EACH), 'data-ms')} ms`);
    const groups = await page.$$eval('[data-testid=group]', (rows) =>
      rows.map((row) => ({ ...row.dataset })),
    );
    for (const { name, p50, turns } of groups) console.log(`${name}: p50 ${p50} ms, n ${turns}`);
    await page.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}

const out = await mkdtemp(join(tmpdir(), 'firstword-screenshot-'));
// The page shows the folder's name, so use a temporary folder and not a path of the developer's machine.
const studio = spawn(process.execPath, [CLI, 'studio', '--port', '0'], {
  cwd: out,
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await takePicture(await addressOf(studio));
  const { size } = await stat(PICTURE);
  console.log(`${PICTURE}: ${Math.round(size / 1000)} kB`);
  if (size > MOST_BYTES) throw new Error(`The picture is larger than ${MOST_BYTES} bytes: make it smaller.`);
} finally {
  studio.kill('SIGINT');
  await new Promise((resolve) => studio.once('exit', resolve));
  await rm(out, { recursive: true, force: true });
}
