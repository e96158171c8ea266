import { describe, expect, it } from 'vitest';
import { liveKitServer } from './livekit-server.js';

const ENV = { LIVEKIT_URL: 'ws://a:1', LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' };

describe('liveKitServer', () => {
  it('reads the environment variables; options override them', () => {
    expect(liveKitServer({}, ENV)).toEqual({ url: 'ws://a:1', apiKey: 'k', apiSecret: 's' });
    expect(liveKitServer({ url: 'wss://b' }, ENV).url).toBe('wss://b');
    expect(() => liveKitServer({ apiSecretFile: '/nowhere/secret' }, ENV)).toThrow(/nowhere/);
  });

  it('names every missing variable and shows no value of the others', () => {
    const { LIVEKIT_URL, ...rest } = ENV;
    expect(() => liveKitServer({}, rest)).toThrow(/^set LIVEKIT_URL: /);
    expect(() => liveKitServer({}, {})).toThrow(/LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET/);
  });

  it('rejects a malformed address', () => {
    expect(() => liveKitServer({ url: 'localhost:7880' }, ENV)).toThrow(/ws:\/\/host:port/);
  });
});
