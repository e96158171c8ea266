import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser that CHROMIUM names, else the one where distributions put it; `undefined` where there is none. */
export const CHROMIUM = (process.env.CHROMIUM ? [process.env.CHROMIUM] : PLACES).find((path) =>
  existsSync(path),
);

export const NO_CHROMIUM =
  'NOT RUN: no Chromium is installed, so the page was not tried in a browser. ' +
  'Install it (Debian: apt-get install chromium) or name it in the variable CHROMIUM.';

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

/** A browser whose microphone plays a WAV file once, from the moment a page opens it; or one that refuses to. */
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

/** One ledger row, as the page shows it. */
export interface ShownRow {
  name: string;
  owner: string;
  ms: number;
}

/** The studio's page, by what its users see. */
export class StudioPage {
  readonly page: Page;
  /** Everything the page asked for, by address, and every complaint on its console. */
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

  /** Waits until a line of this speaker is final. */
  async line(who: 'caller' | 'agent', text: RegExp): Promise<void> {
    await this.page
      .locator(`${byId('transcript')} [role=log] .line[data-who=${who}]`, { hasText: text })
      .first()
      .waitFor(WAIT);
  }

  /** Waits until the ledger of a turn is final. */
  async turn(turn: number): Promise<{ callId: string }> {
    const figure = await this.page.waitForSelector(
      `${byId('felt-gap')}[data-turn="${turn}"][data-final=true]`,
      WAIT,
    );
    return { callId: (await figure.getAttribute('data-call'))! };
  }

  /** Number of the turn whose figure is shown. */
  async newestTurn(): Promise<number> {
    return Number(await this.page.getAttribute(byId('felt-gap'), 'data-turn'));
  }

  async feltGapMs(): Promise<number> {
    return Number(await this.page.getAttribute(byId('felt-gap'), 'data-ms'));
  }

  /** Waits until these levers answer, and no others are waited for. */
  async levers(name: string): Promise<void> {
    await this.page.waitForSelector(`${byId('levers')}[data-in-force="${name}"][data-pending=false]`, WAIT);
  }

  /** Turns counted for each set of levers. */
  async groups(): Promise<Record<string, number>> {
    const rows = await this.page.$$eval('[data-testid=group]', (all) =>
      all.map((row) => [(row as HTMLElement).dataset.name, Number((row as HTMLElement).dataset.turns)]),
    );
    return Object.fromEntries(rows);
  }

  /** Waits until the doctor has examined this many turns of a call; gives what it says. */
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

  /** What of the agent's voice has really been rendered. */
  async played(): Promise<{ agentMs: number; answers: number }> {
    const data = await this.page.$eval('#app', (root) => ({ ...(root as HTMLElement).dataset }));
    return { agentMs: Number(data.agentPlayedMs), answers: Number(data.answersPlayed) };
  }
}
