// Opens the built page in Chromium against the mock server and saves screenshots of it, to check changes of the page.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outDir = process.argv[2];
if (!outDir)
  throw new Error('Give a folder for the screenshots, outside the repository: node dev/look.mjs DIR');
await mkdir(outDir, { recursive: true });

const { module } = await runnerImport(here('./mock-server.ts'));
const mock = await module.startMockStudio({ distDir: here('../dist') });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    ...'--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking'.split(
      ' ',
    ),
    ...'--disable-component-update --disable-sync --use-fake-device-for-media-stream'.split(' '),
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ],
});

const sizes = {
  desk: { width: 1280, height: 800 },
  tablet: { width: 820, height: 1100 },
  phone: { width: 390, height: 844 },
};
for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport, colorScheme });
    page.on('console', (m) => console.log('console', m.type(), m.text()));
    page.on('pageerror', (e) => console.log('pageerror', e.message));
    page.on('request', (r) => r.url().startsWith(mock.url) || console.log('STRAY REQUEST', r.url()));
    await page.goto(mock.url);
    await page.waitForSelector('[data-testid=connection][data-state=open]');
    const shoot = (name, fullPage = false) =>
      page.screenshot({ path: `${outDir}/${size}-${colorScheme}-${name}.png`, fullPage });
    await shoot('1-empty');
    await page.selectOption('#profile', 'gpt-4o-mini');
    await page.click('[data-testid=start-sample]');
    await page.waitForSelector('[data-testid=felt-gap][data-turn="2"][data-final=true]');
    await page.waitForSelector('[data-testid=interim-caller]');
    await page.click('[data-testid=preset-firstword]');
    await page.waitForSelector('[data-testid=levers][data-pending=true]');
    await shoot('2-call', true);
    await page.waitForSelector('[data-testid=call][data-phase=idle]', { timeout: 60_000 });
    await page.click('.turns > li:nth-child(4) summary');
    await shoot('3-done', true);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const { agentPlayedMs, answersPlayed } = await page.evaluate(() => ({
      ...document.getElementById('app').dataset,
    }));
    console.log({ size, colorScheme, overflowPx: wide, agentPlayedMs, answersPlayed });
    await page.close();
  }
}
console.log(
  mock.received.filter((m) => m.type === 'heard').length,
  'heard;',
  mock.received.filter((m) => m.type === 'clock').length,
  'clock',
);
await browser.close();
await mock.close();
