import { render } from 'preact';
import { Studio } from './studio.js';
import { App } from './view/app.js';

/** How often the page's root says how much of the agent's voice has been played: for tests, and cheap. */
const PLAYED_EVERY_MS = 200;

const socketUrl = new URL('talk', location.href.replace(/^http/, 'ws'));
socketUrl.hash = '';
socketUrl.search = '';
const studio = new Studio(socketUrl.href);
const root = document.getElementById('app')!;

render(<App studio={studio} />, root);
studio.connect();

setInterval(() => {
  root.dataset.agentPlayedMs = String(Math.round(studio.live.agentPlayedMs));
  root.dataset.answersHeard = String(studio.live.answersHeard);
}, PLAYED_EVERY_MS);
