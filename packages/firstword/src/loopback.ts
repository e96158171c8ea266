import { isIPv4 } from 'node:net';

/** Whether an address or host name reaches this machine only: `localhost`, 127.0.0.0/8 or `::1`, also in brackets. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}
