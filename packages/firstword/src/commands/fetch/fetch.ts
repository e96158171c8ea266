import { fetchSmartTurn, SMART_TURN } from '@firstword/local';
import { unknownName } from '@firstword/turn';
import { stopSignal } from '../../stop-signal.js';
import { StatusLine } from '../../terminal/status-line.js';
import type { FetchCommandOptions } from './options.js';

/** `firstword fetch`. */
export async function fetch({ what }: FetchCommandOptions): Promise<void> {
  if (what !== 'smart-turn') throw unknownName('model', what, ['smart-turn']);
  const { package: name, version, licence, downloadMb, diskMb } = SMART_TURN;
  process.stderr.write(
    `Smart Turn v3.2 is licensed under ${licence}. pip fetches it once, in ${name} ${version}: about ${downloadMb} MB to download, ${diskMb} MB in the cache folder.\n`,
  );
  const line = new StatusLine();
  const startedMs = performance.now();
  const timer = setInterval(
    () => line.live(`Fetching … ${Math.round((performance.now() - startedMs) / 1000)} s`),
    1000,
  );
  try {
    const file = await fetchSmartTurn({ signal: stopSignal() });
    line.clear();
    process.stderr.write('It works offline from now on.\n');
    process.stdout.write(`${file}\n`);
  } finally {
    line.clear();
    clearInterval(timer);
  }
}
