import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { fleet, linesOf } from '../testing/fleet.js';
import { turnRecord } from '../testing/turn.js';
import { serveMetrics } from './metrics-server.js';
import { RecordFollower } from './record-follower.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firstword-metrics-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function serve(options: Partial<Parameters<typeof serveMetrics>[0]> = {}) {
  const server = await serveMetrics({ dir, port: 0, ...options });
  onTestFinished(() => server.close());
  const value = async (name: string) => {
    const text = await (await fetch(server.url)).text();
    const found = new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text);
    return found ? Number(found[1]) : undefined;
  };
  return { server, value };
}

describe('the metrics of a folder', () => {
  it('grow with its calls, one file each, and count every turn once', async () => {
    const { value } = await serve();
    expect(await value('firstword_calls_total')).toBe(0);
    writeFileSync(join(dir, 'a.jsonl'), linesOf([turnRecord()]));
    expect(await value('firstword_turns_total')).toBe(1);
    mkdirSync(join(dir, 'tuesday'));
    writeFileSync(join(dir, 'tuesday', 'b.jsonl'), linesOf([turnRecord({ callId: 'b' })]));
    appendFileSync(join(dir, 'a.jsonl'), linesOf([turnRecord({ turn: 2 })]));
    expect([await value('firstword_turns_total'), await value('firstword_calls_total')]).toEqual([3, 2]);
  });

  it('ignore a line until it is complete', async () => {
    const { value } = await serve();
    const line = linesOf([turnRecord()]);
    writeFileSync(join(dir, 'a.jsonl'), line.slice(0, 300));
    expect(await value('firstword_calls_total')).toBe(0);
    appendFileSync(join(dir, 'a.jsonl'), line.slice(300));
    expect(await value('firstword_calls_total')).toBe(1);
    expect(await value('firstword_unreadable_records_total')).toBe(0);
  });

  it('count lines that are not records', async () => {
    const { value } = await serve();
    writeFileSync(join(dir, 'a.jsonl'), `nonsense\n\n${linesOf([turnRecord()])}{"half":\n`);
    expect(await value('firstword_unreadable_records_total')).toBe(2);
    expect(await value('firstword_calls_total')).toBe(1);
  });

  it('are the same for concurrent scrapes', async () => {
    const { value } = await serve();
    writeFileSync(join(dir, 'a.jsonl'), linesOf(fleet(300)));
    const calls = await Promise.all([1, 2, 3].map(() => value('firstword_calls_total')));
    expect(calls).toEqual([30, 30, 30]);
  });

  it('need no folder before the first call', async () => {
    const { value } = await serve({ dir: join(dir, 'none') });
    expect(await value('firstword_calls_total')).toBe(0);
  });

  it('are served only at /metrics, by GET', async () => {
    const { server } = await serve();
    const { origin } = new URL(server.url);
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    expect((await fetch(origin)).status).toBe(404);
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(server.url)).headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  it('report a problem with the folder, and continue', async () => {
    writeFileSync(join(dir, 'file'), '');
    const { server } = await serve({ dir: join(dir, 'file') });
    const response = await fetch(server.url);
    expect(response.status).toBe(500);
    expect(await response.text()).toMatch(/ENOTDIR.*give a folder/);
  });

  it('stop on abort, and reject a port that is in use', async () => {
    const stop = new AbortController();
    const { server } = await serve({ signal: stop.signal });
    const port = Number(new URL(server.url).port);
    await expect(serveMetrics({ dir, port })).rejects.toMatchObject({ code: 'bad_input' });
    stop.abort();
    await server.close();
    await expect(fetch(server.url)).rejects.toThrow();
  });
});

describe('a follower of records', () => {
  it('starts over when a file was replaced by a shorter one, and drops a deleted one', async () => {
    const turns: string[] = [];
    const follower = new RecordFollower({
      dir,
      onRecord: ({ callId, turn }) => turns.push(`${callId}${turn}`),
      onBadLine: () => turns.push('bad'),
    });
    const file = join(dir, 'a.jsonl');
    writeFileSync(file, linesOf(fleet(2)));
    await follower.poll();
    writeFileSync(file, linesOf([turnRecord({ callId: 'new' })]));
    await follower.poll();
    rmSync(file);
    await follower.poll();
    writeFileSync(file, linesOf([turnRecord({ callId: 'again' })]));
    await follower.poll();
    expect(turns).toEqual(['call-01', 'call-02', 'new1', 'again1']);
  });

  it('skips a line that is too long to be a record, and only that line', async () => {
    const counted = { records: 0, bad: 0 };
    const follower = new RecordFollower({
      dir,
      onRecord: () => (counted.records += 1),
      onBadLine: () => (counted.bad += 1),
    });
    writeFileSync(join(dir, 'a.jsonl'), `${'x'.repeat(17 << 20)}\n${linesOf(fleet(3))}`);
    await follower.poll();
    expect(counted).toEqual({ records: 3, bad: 1 });
  });
});
