import { expect, it } from 'vitest';
import { isLoopback } from './loopback.js';

it('recognises the addresses of this machine only', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]', 'LOCALHOST'])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example.com', '127.0.0.1.example.com', ''])
    expect(isLoopback(host), host).toBe(false);
});
