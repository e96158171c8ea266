import { render } from 'preact';
import { StudioController } from './studio-controller.js';
import { App } from './view/app.js';

/** How often the playback progress is written to the root element's `data-` attributes, for tests, ms. */
const PROGRESS_INTERVAL_MS = 200;

const socketUrl = new URL('talk', location.href.replace(/^http/, 'ws'));
socketUrl.hash = '';
socketUrl.search = '';
const studio = new StudioController(socketUrl.href);
const root = document.getElementById('app')!;

render(<App studio={studio} />, root);
studio.connect();

setInterval(() => {
  root.dataset.agentPlayedMs = String(Math.round(studio.audioProgress.agentPlayedMs));
  root.dataset.answersPlayed = String(studio.audioProgress.answersPlayed);
}, PROGRESS_INTERVAL_MS);
