import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the browser: the variable CHROMIUM, or the usual places; `undefined` if there is none. */
export const CHROMIUM = (process.env.CHROMIUM ? [process.env.CHROMIUM] : PLACES).find((path) =>
  existsSync(path),
);

/** Message for machines without a browser. */
export const NO_CHROMIUM =
  'NOT RUN: Chromium is not installed, so the page was not tested in a browser. ' +
  'Install it (Debian: apt-get install chromium) or set CHROMIUM to its path.';

const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser whose microphone plays a WAV file once, from the moment a page opens it, or denies access. */
export function launch(microphone: { wav: string } | 'refused'): Promise<Browser> {
  const args =
    microphone === 'refused'
      ? ['--use-fake-device-for-media-stream', '--deny-permission-prompts']
      : [
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-audio-capture=${microphone.wav}%noloop`,
        ];
  return chromium.launch({ executablePath: CHROMIUM!, args: [...QUIET, ...args] });
}

const byId = (id: string) => `[data-testid=${id}]`;
const WAIT = { timeout: 90_000 };

/** One ledger row on the page. */
export interface ShownRow {
  name: string;
  owner: string;
  ms: number;
}

/** The studio's page in a browser, driven through its visible elements. */
export class StudioPage {
  readonly page: Page;
  /** Addresses of all requests of the page, and its console errors and warnings. */
  readonly requests: string[] = [];
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('websocket', (socket) => this.requests.push(socket.url()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, url: string): Promise<StudioPage> {
    const shown = new StudioPage(await browser.newPage());
    await shown.page.goto(url);
    await shown.connection('open');
    return shown;
  }

  press(
    button: 'start-mic' | 'start-sample' | 'stop' | 'preset-livekit' | 'preset-firstword',
  ): Promise<void> {
    return this.page.click(byId(button));
  }

  async connection(state: 'open' | 'waiting'): Promise<void> {
    await this.page.waitForSelector(`${byId('connection')}[data-state=${state}]`, WAIT);
  }

  async call(phase: 'idle' | 'live', agent?: 'speaking' | 'listening'): Promise<void> {
    const doing = agent ? `[data-agent=${agent}]` : '';
    await this.page.waitForSelector(`${byId('call')}[data-phase=${phase}]${doing}`, WAIT);
  }

  async notice(code: string): Promise<string> {
    const notice = await this.page.waitForSelector(`${byId('errors')} .notice[data-code=${code}]`, WAIT);
    return (await notice.textContent())!;
  }

  /** Waits for a final transcript line of this speaker. */
  async line(who: 'caller' | 'agent', text: RegExp): Promise<void> {
    await this.page
      .locator(`${byId('transcript')} [role=log] .line[data-who=${who}]`, { hasText: text })
      .first()
      .waitFor(WAIT);
  }

  /** Waits for the final ledger of a turn. */
  async turn(turn: number): Promise<{ callId: string }> {
    const figure = await this.page.waitForSelector(
      `${byId('felt-gap')}[data-turn="${turn}"][data-final=true]`,
      WAIT,
    );
    return { callId: (await figure.getAttribute('data-call'))! };
  }

  /** Number of the turn that is shown. */
  async newestTurn(): Promise<number> {
    return Number(await this.page.getAttribute(byId('felt-gap'), 'data-turn'));
  }

  async feltGapMs(): Promise<number> {
    return Number(await this.page.getAttribute(byId('felt-gap'), 'data-ms'));
  }

  /** Length of another silence of the call, as shown; `undefined` if it is not known. */
  async silenceMs(name: 'hello' | 'tool' | 'bargeIn' | 'afterBargeIn'): Promise<number | undefined> {
    const ms = await this.page.getAttribute(`${byId('silence')}[data-name=${name}]`, 'data-ms');
    return ms === null ? undefined : Number(ms);
  }

  /** Waits until these levers are active and no change is pending. */
  async levers(name: string): Promise<void> {
    await this.page.waitForSelector(`${byId('levers')}[data-in-force="${name}"][data-pending=false]`, WAIT);
  }

  /** Number of turns per lever set. */
  async groups(): Promise<Record<string, number>> {
    const rows = await this.page.$$eval('[data-testid=group]', (all) =>
      all.map((row) => [(row as HTMLElement).dataset.name, Number((row as HTMLElement).dataset.turns)]),
    );
    return Object.fromEntries(rows);
  }

  /** Waits until the doctor has examined this many turns of a call; returns its text. */
  async doctor(callId: string, turns: number): Promise<string> {
    const panel = `${byId('doctor')}[data-call="${callId}"][data-turns="${turns}"]`;
    return (await (await this.page.waitForSelector(panel, WAIT)).textContent())!;
  }

  rows(list: 'segments' | 'hidden'): Promise<ShownRow[]> {
    return this.page.$$eval(`${byId(list)} > li`, (rows) =>
      rows.map(({ dataset }) => ({
        name: dataset.name ?? '',
        owner: dataset.owner ?? '',
        ms: Number(dataset.ms),
      })),
    );
  }

  /** How much agent audio has been rendered. */
  async played(): Promise<{ agentMs: number; answers: number }> {
    const data = await this.page.$eval('#app', (root) => ({ ...(root as HTMLElement).dataset }));
    return { agentMs: Number(data.agentPlayedMs), answers: Number(data.answersPlayed) };
  }
}
