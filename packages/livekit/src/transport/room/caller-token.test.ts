import { describe, expect, it } from 'vitest';
import { callerToken } from './caller-token.js';

const PASS = {
  apiKey: 'key',
  apiSecret: 'a-secret-of-thirty-two-characters-or-more',
  room: 'r',
  identity: 'c',
};

async function claimsOf(more: Partial<Parameters<typeof callerToken>[0]>): Promise<Record<string, unknown>> {
  const [, payload] = (await callerToken({ ...PASS, ...more })).split('.');
  return JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>;
}

describe('callerToken', () => {
  it('grants access to one room for six hours', async () => {
    const claims = await claimsOf({});
    expect(claims).toMatchObject({ sub: 'c', iss: 'key', video: { roomJoin: true, room: 'r' } });
    expect(Number(claims.exp) - Number(claims.nbf)).toBe(6 * 3600);
    expect(claims).not.toHaveProperty('kind');
  });

  it('dispatches an agent with only the fields that older servers know', async () => {
    expect((await claimsOf({ agentName: 'maria' })).roomConfig).toEqual({ agents: [{ agentName: 'maria' }] });
  });

  it('marks a telephone participant as SIP', async () => {
    expect((await claimsOf({ telephone: true })).kind).toBe('sip');
  });
});
