import { once } from 'node:events';
import { inference, initializeLogger, tts, voice } from '@livekit/agents';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { WebSocket } from 'ws';
import { AgentSession } from '../session/agent-session.js';
import { ScriptedSTT } from '../testing/scripted.js';
import { ttsGateway } from '../testing/tts-gateway.js';
import { ClauseTTS } from './clause-tts.js';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const conn = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 5000 };
const keys = { apiKey: 'key', apiSecret: 'secret' };

async function rig() {
  const gateway = await ttsGateway();
  const inner = new inference.TTS({ ...keys, model: 'cartesia/sonic-3', baseURL: gateway.url });
  const clauseTts = new ClauseTTS(inner);
  onTestFinished(async () => {
    await clauseTts.close();
    await gateway.close();
  });
  const speak = async (text: string) => {
    const stream = clauseTts.stream({ connOptions: conn });
    stream.pushText(text);
    stream.endInput();
    let frames = 0;
    for await (const event of stream) if (event !== tts.SynthesizeStream.END_OF_STREAM) frames += 1;
    return frames;
  };
  return { gateway, inner, clauseTts, speak };
}

/** A session that has opened the connection of its TTS. */
async function session() {
  const { gateway, inner } = await rig();
  const agentSession = new AgentSession({ stt: new ScriptedSTT(), tts: inner });
  await agentSession.start({ agent: new voice.Agent({ instructions: 'x' }) });
  onTestFinished(() => agentSession.close());
  await gateway.opened(1);
  return { gateway, agentSession };
}

/** Waits until the client has handled what was sent, and its own messages have arrived: a closing socket is closed then. */
async function settled(socket: WebSocket): Promise<void> {
  socket.ping();
  await Promise.race([once(socket, 'pong'), once(socket, 'close')]);
}

describe('the connection of a hosted TTS', () => {
  it.each([
    ['one clause', 'We are open until ten.'],
    ['several clauses', 'We are open until ten tonight, and on Sunday until nine. Can I help you?'],
  ])('serves the next answer, too, after %s', async (_name, text) => {
    const { gateway, speak } = await rig();
    for (let answer = 0; answer < 3; answer++) {
      expect(await speak(text)).toBeGreaterThan(0);
      await settled(gateway.sockets[0]!);
    }
    expect(gateway.sockets).toHaveLength(1);
    expect(gateway.sockets[0]?.readyState).toBe(1);
  });

  it('is replaced at once after an answer was cancelled', async () => {
    const { gateway, clauseTts, speak } = await rig();
    const cancelled = clauseTts.stream({ connOptions: conn });
    cancelled.pushText('We are open until ten tonight, and');
    await gateway.asked(1);
    cancelled.close();
    await gateway.opened(2);
    await speak('We are closed.');
    expect(gateway.said.at(-1)).toEqual({ text: 'We are closed.', socket: 1 });
    expect(gateway.sockets).toHaveLength(2);
  });

  it('is not used any more once the service has closed it', async () => {
    const { gateway, speak } = await rig();
    await speak('We are open until ten.');
    const [idle] = gateway.sockets;
    idle!.close();
    await once(idle!, 'close');
    expect(await speak('We are closed.')).toBeGreaterThan(0);
    expect(gateway.sockets).toHaveLength(2);
  });

  it('is opened at the start of a session, and again when the caller speaks after the service has closed it', async () => {
    const { gateway, agentSession } = await session();
    const [first] = gateway.sockets;
    first!.close();
    await once(first!, 'close');
    agentSession._updateUserState('speaking');
    await gateway.opened(2);
    agentSession._updateUserState('listening');
    agentSession._updateUserState('speaking');
    await settled(gateway.sockets[1]!);
    expect(gateway.sockets).toHaveLength(2);
  });
});
