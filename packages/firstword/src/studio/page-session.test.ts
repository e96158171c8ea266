import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toCallRecord, toTurnRecord } from '@firstword/turn';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { LlmRegistry } from '../llm/registry.js';
import type { SpeechEngines } from '../speech-engines.js';
import { LIVEKIT_LEVERS } from './lever-set.js';
import type { PageCallOptions } from './page-call.js';
import { PageSession } from './page-session.js';
import type { ServerMessage } from './protocol.js';

const started = vi.hoisted(() => ({ options: undefined as PageCallOptions | undefined }));
/** A call without any activity of its own: the test triggers the events. */
vi.mock('./page-call.js', () => ({
  startMicCall: async (options: PageCallOptions) => {
    started.options = options;
    return {
      mic() {},
      heard() {},
      useLevers() {},
      over: new Promise<string>(() => {}),
      close: async () => {},
    };
  },
}));

/** The page's end of the socket; calls `onMessage` synchronously for every message sent to the page. */
class Page extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly received: ServerMessage[] = [];
  onMessage = (_message: ServerMessage) => {};

  send(data: string): void {
    const message = JSON.parse(data) as ServerMessage;
    this.onMessage(message);
    this.received.push(message);
    this.emit('received', message);
  }

  async until(isIt: (message: ServerMessage) => boolean): Promise<void> {
    while (!this.received.some(isIt)) await new Promise((resolve) => this.once('received', resolve));
  }
}

it('shows an ended turn once its record is on disk, and all turns before the session ends', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'firstword-page-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const page = new Page();
  const registry = { choices: [], backupOf: () => undefined, get: async () => ({}) };
  const session = new PageSession(page as unknown as WebSocket, {
    version: '1',
    speech: {} as SpeechEngines,
    registry: registry as unknown as LlmRegistry,
    profile: 'any',
    seed: 1,
    recordsDir: dir,
    transcripts: false,
    levers: LIVEKIT_LEVERS,
    reserveCallSlot: () => () => {},
  });
  page.emit('message', Buffer.from('{"type":"start","mode":"mic"}'), false);
  await page.until((message) => message.type === 'session' && message.state === 'live');

  const { callId, events } = started.options!;
  events.onCall!(toCallRecord({ callId, at: '2026-11-22T00:00:00.000Z', marks: {} }));
  await page.until((message) => message.type === 'call');
  const onDisk = () =>
    readFileSync(join(dir, `${callId}.jsonl`), 'utf8')
      .split('\n')
      .slice(0, -1);
  const seen: [turn: number, final: boolean, onDisk: number][] = [];
  page.onMessage = (message) => {
    if (message.type === 'turn') seen.push([message.record.turn, message.final, onDisk().length]);
  };
  const at = new Date(Date.UTC(2026, 10, 22)).toISOString();
  const fields = { callId, at, marks: {}, interrupted: false, bargeIn: false, toolCalls: 0 };
  for (const turn of [1, 2]) {
    for (const final of [false, true]) events.onTurn(toTurnRecord({ ...fields, turn }), final);
  }
  await session.close();
  expect(seen.map(([turn, final]) => [turn, final])).toEqual([
    [1, false],
    [1, true],
    [2, false],
    [2, true],
  ]);
  // The first line is the record of the call.
  for (const [turn, final, lines] of seen) if (final) expect(lines).toBeGreaterThanOrEqual(turn + 1);
  expect(page.received.at(-1)).toMatchObject({ type: 'session', state: 'ended', callId });
});
