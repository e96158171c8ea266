import { ManualClock } from '@firstword/turn';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { SpeechFault } from '../faults/speech-fault.js';
import { startSpeechEmulator } from '../speech-emulator.js';

/** Opens Deepgram's TTS; resolves to what became of the attempt. */
function attempt(origin: string): Promise<{ socket: WebSocket; outcome: string }> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/v1/speak`);
  return new Promise((resolve) => {
    socket.once('open', () => resolve({ socket, outcome: 'open' }));
    socket.once('unexpected-response', (_, { statusCode }) =>
      resolve({ socket, outcome: String(statusCode) }),
    );
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ socket, outcome: error.code ?? error.message }),
    );
  });
}

async function outcomeWith(fault: SpeechFault): Promise<string> {
  const emulator = await startSpeechEmulator({ speechFaults: { rules: [{ fault }] } });
  const { socket, outcome } = await attempt(emulator.origin);
  socket.on('error', () => {});
  socket.terminate();
  await emulator.close();
  return outcome;
}

describe('a fault of a connection', () => {
  it.each([401, 402, 429, 503])('refuses with status %i', async (status) => {
    expect(await outcomeWith({ kind: 'http-error', status })).toBe(String(status));
  });

  it('resets before the WebSocket is open', async () => {
    expect(await outcomeWith({ kind: 'refuse' })).toBe('ECONNRESET');
  });

  it('opens late', async () => {
    const clock = new ManualClock();
    const speechFaults = { rules: [{ fault: { kind: 'slow-handshake', delayMs: 5000 } as const }] };
    const emulator = await startSpeechEmulator({ clock, speechFaults });
    const opening = attempt(emulator.origin);
    await expect.poll(() => clock.pendingTimers).toBe(1);
    clock.advance(5000);
    const { socket, outcome } = await opening;
    expect(outcome).toBe('open');
    socket.terminate();
    await emulator.close();
  });

  it('closes an idle connection', async () => {
    const emulator = await startSpeechEmulator({
      speechFaults: { rules: [{ fault: { kind: 'close-idle', afterMs: 30 } }] },
    });
    const { socket } = await attempt(emulator.origin);
    const code = await new Promise((resolve) => socket.once('close', resolve));
    expect(code).toBe(1000);
    await expect.poll(() => emulator.speechStats().services['deepgram-tts'].openConnections).toBe(0);
    await emulator.close();
  });
});

it('answers other paths with 404, and garbage with a close', async () => {
  const emulator = await startSpeechEmulator();
  const other = new WebSocket(`${emulator.origin.replace('http', 'ws')}/nothing`);
  other.on('error', () => {});
  expect(
    await new Promise((resolve) => other.once('unexpected-response', (_, r) => resolve(r.statusCode))),
  ).toBe(404);
  const { socket } = await attempt(emulator.origin);
  socket.send('not json');
  expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1007);
  await emulator.close();
});

it('refuses an invalid plan and an unknown profile', async () => {
  await expect(startSpeechEmulator({ sttProfile: 'nova-9' })).rejects.toThrow('deepgram-nova-3');
  const rules = [{ fault: { kind: 'http-error', status: 200 } as const }];
  await expect(startSpeechEmulator({ speechFaults: { rules } })).rejects.toThrow('Fault rule 1');
  const unknown = [{ fault: { kind: 'nothing' } as unknown as SpeechFault }];
  await expect(startSpeechEmulator({ speechFaults: { rules: unknown } })).rejects.toThrow('final-late');
});
