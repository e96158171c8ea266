import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRealtimeEmulator } from '@firstword/emulator/realtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { realtimeFaults } from './realtime-faults.js';
import { realtimeServiceSetups } from './realtime-services.js';

describe('realtime services', () => {
  it('are told how to be reached, and their base URLs answer', async () => {
    const emulator = await startRealtimeEmulator();
    onTestFinished(() => emulator.close());
    const setups = realtimeServiceSetups(emulator.urls);
    expect(setups.map(({ name }) => name)).toEqual(['openai', 'xai', 'gpt-live', 'gemini']);
    for (const { url, code } of setups) expect(code[0]).toContain(`'${url}'`);
    const { url } = setups[1]!;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime`);
    const first = await new Promise<string>((resolve) => {
      socket.once('message', (data) => resolve(String(data)));
    });
    expect(JSON.parse(first)).toMatchObject({ type: 'conversation.created' });
    socket.terminate();
  });
});

describe('faults of realtime models', () => {
  it('are read from options', () => {
    expect(realtimeFaults.parse('silent-generation@0.065')).toEqual({
      fault: { kind: 'silent-generation' },
      probability: 0.065,
    });
    expect(realtimeFaults.parse('audio-stops')).toEqual({ fault: { kind: 'audio-stops' } });
    expect(() => realtimeFaults.parse('late-audio')).toThrow('late-audio:NUMBER');
    expect(() => realtimeFaults.parse('silent-generatio')).toThrow('silent-generation');
  });

  it('are read from a plan, which has no other fields', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'realtime-')), 'plan.json');
    const rules = [{ fault: { kind: 'session-expires', afterMs: 5000 }, nth: [1] }];
    writeFileSync(path, JSON.stringify({ rules }));
    expect(realtimeFaults.readPlan(path)).toEqual({ rules });
    writeFileSync(path, JSON.stringify({ rules: [{ ...rules[0], service: 'gemini' }] }));
    expect(() => realtimeFaults.readPlan(path)).toThrow('service');
  });
});
