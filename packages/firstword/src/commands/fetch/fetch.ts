import { fetchSmartTurn, SMART_TURN } from '@firstword/local';
import { unknownName } from '@firstword/turn';
import { stopSignal } from '../../stop-signal.js';
import { countSeconds } from '../../terminal/count-seconds.js';
import type { FetchCommandOptions } from './options.js';

/** `firstword fetch`. */
export async function fetch({ what }: FetchCommandOptions): Promise<void> {
  if (what !== 'smart-turn') throw unknownName('model', what, ['smart-turn']);
  const { package: name, version, licence, downloadMb, diskMb } = SMART_TURN;
  process.stderr.write(
    `Smart Turn v3.2 is licensed under ${licence}. pip fetches it once, in ${name} ${version}: about ${downloadMb} MB to download, ${diskMb} MB in the cache folder.\n`,
  );
  const { result: file } = await countSeconds(
    (seconds) => `Fetching … ${seconds} s`,
    () => fetchSmartTurn({ signal: stopSignal() }),
  );
  process.stderr.write('It works offline from now on.\n');
  process.stdout.write(`${file}\n`);
}
