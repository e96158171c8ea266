import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerMessage } from '@firstword/studio/protocol';
import { toTurnRecord } from '@firstword/turn';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { LlmShelf } from '../llm/shelf.js';
import type { VoiceParts } from '../voice-parts.js';
import { LIVEKIT_SET } from './lever-set.js';
import type { PageCallOptions } from './page-call.js';
import { PageSession } from './page-session.js';

const started = vi.hoisted(() => ({ options: undefined as PageCallOptions | undefined }));
/** A call in which nothing happens but what a test tells. */
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

/** A page's end of the socket, which looks at every message the moment it is sent. */
class Page extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly told: ServerMessage[] = [];
  onTold = (_message: ServerMessage) => {};

  send(data: string): void {
    const message = JSON.parse(data) as ServerMessage;
    this.onTold(message);
    this.told.push(message);
    this.emit('told', message);
  }

  async until(isIt: (message: ServerMessage) => boolean): Promise<void> {
    while (!this.told.some(isIt)) await new Promise((resolve) => this.once('told', resolve));
  }
}

it('tells of a turn that has ended once its record can be read, and of all turns before the end', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'firstword-page-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const page = new Page();
  const shelf = { choices: [], backupOf: () => undefined, get: async () => ({}) };
  const session = new PageSession(page as unknown as WebSocket, {
    version: '1',
    parts: {} as VoiceParts,
    shelf: shelf as unknown as LlmShelf,
    profile: 'any',
    seed: 1,
    recordsDir: dir,
    transcripts: false,
    levers: LIVEKIT_SET,
    takePlace: () => () => {},
  });
  page.emit('message', Buffer.from('{"type":"start","mode":"mic"}'), false);
  await page.until((message) => message.type === 'session' && message.state === 'live');

  const { callId, events } = started.options!;
  const onDisk = () =>
    readFileSync(join(dir, `${callId}.jsonl`), 'utf8')
      .split('\n')
      .slice(0, -1);
  const seen: [turn: number, final: boolean, onDisk: number][] = [];
  page.onTold = (message) => {
    if (message.type === 'turn') seen.push([message.record.turn, message.final, onDisk().length]);
  };
  const at = new Date(Date.UTC(2026, 10, 22)).toISOString();
  const parts = { callId, at, marks: {}, interrupted: false, bargeIn: false, toolCalls: 0 };
  for (const turn of [1, 2]) {
    for (const final of [false, true]) events.onTurn(toTurnRecord({ ...parts, turn }), final);
  }
  await session.close();
  expect(seen.map(([turn, final]) => [turn, final])).toEqual([
    [1, false],
    [1, true],
    [2, false],
    [2, true],
  ]);
  for (const [turn, final, lines] of seen) if (final) expect(lines).toBeGreaterThanOrEqual(turn);
  expect(page.told.at(-1)).toMatchObject({ type: 'session', state: 'ended', callId });
});
