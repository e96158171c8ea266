import { parentPort, workerData } from 'node:worker_threads';
import { measureTapeFile } from '@firstword/calls/account';
import { isFirstwordError } from '@firstword/turn';
import { accountOfCall } from './account.js';
import type { MeasureJob, Told } from './measure.js';

const { tape, records } = workerData as MeasureJob;
const tell = (told: Told) => parentPort!.postMessage(told);

async function account(asked: NonNullable<MeasureJob['records']>): Promise<Told> {
  try {
    return { account: await accountOfCall({ ...asked, tape }) };
  } catch (error) {
    if (!isFirstwordError(error)) throw error;
    return { noAccount: error.message };
  }
}

try {
  tell({ measured: await measureTapeFile(tape) });
  if (records) tell(await account(records));
} catch (error) {
  if (!isFirstwordError(error)) throw error;
  tell({ failed: { code: error.code, message: error.message } });
}
