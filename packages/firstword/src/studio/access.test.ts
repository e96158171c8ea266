import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { StudioAccess } from './access.js';

const hosts = (access: StudioAccess, names: string[]) =>
  names.filter((host) => access.isAllowedHost({ host }));

describe('on a loopback address', () => {
  const access = new StudioAccess({ listenHost: '127.0.0.1' });

  it('needs no token', () => {
    expect(access.token).toBeUndefined();
    expect(access.isAuthorized({ url: '/', headers: {} })).toBe(true);
  });

  it('allows the names of this machine only', () => {
    const names = [
      'localhost:3210',
      '127.0.0.1:3210',
      '[::1]:3210',
      '10.0.0.1:3210',
      'evil.example',
      hostname(),
      '',
    ];
    expect(hosts(access, names)).toEqual(['localhost:3210', '127.0.0.1:3210', '[::1]:3210']);
    expect(access.isAllowedHost({})).toBe(false);
  });

  it.each([
    [{ host: 'localhost:3210', origin: 'http://localhost:3210' }, true],
    [{ host: 'localhost:3210', origin: 'http://localhost:4000' }, false],
    [{ host: 'localhost:3210', origin: 'http://evil.example' }, false],
    [{ host: 'evil.example:3210', origin: 'http://evil.example:3210' }, false],
    [{ host: 'localhost:3210', origin: 'null' }, false],
    [{ host: 'localhost:3210' }, false],
  ])('of %j a WebSocket is allowed: %s', (headers, allowed) => {
    expect(access.isAllowedOrigin(headers)).toBe(allowed);
  });
});

describe('on another address', () => {
  const access = new StudioAccess({ listenHost: '0.0.0.0', allowedHosts: ['Studio.example'] });
  access.port = 3210;
  const { token } = access;

  it('needs the token, in the query or the cookie', () => {
    expect(token).toMatch(/^[\w-]{22}$/);
    expect(access.isAuthorized({ url: `/?token=${token}`, headers: {} })).toBe(true);
    expect(
      access.isAuthorized({ url: '/talk', headers: { cookie: `a=b; ${access.cookie.split(';')[0]}` } }),
    ).toBe(true);
    for (const url of ['/', '/?token=', `/?token=${token!.slice(1)}`, `/${token}`, undefined, '//'])
      expect(access.isAuthorized({ url, headers: {} }), url).toBe(false);
    for (const cookie of [`firstword-studio-1=${token}`, 'firstword-studio-3210=', 'firstword-studio-3210'])
      expect(access.isAuthorized({ url: '/', headers: { cookie } }), cookie).toBe(false);
  });

  it('allows addresses, the names of this machine and the names given', () => {
    const names = [
      '10.0.0.1:3210',
      '[fe80::1]',
      'studio.example',
      hostname(),
      'localhost',
      'evil.example',
      'a b',
    ];
    expect(hosts(access, names)).toEqual([
      '10.0.0.1:3210',
      '[fe80::1]',
      'studio.example',
      hostname(),
      'localhost',
    ]);
  });

  it('has a token of its own each time', () => {
    expect(new StudioAccess({ listenHost: '::' }).token).not.toBe(token);
  });

  it('needs it under another name of a loopback address too: a proxy makes it public', () => {
    expect(new StudioAccess({ listenHost: '127.0.0.1', allowedHosts: ['a.example'] }).token).toBeDefined();
  });
});
