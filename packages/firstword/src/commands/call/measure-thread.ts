import { parentPort, workerData } from 'node:worker_threads';
import { measureTapeFile } from '@firstword/calls/account';
import { isFirstwordError } from '@firstword/turn';
import { alignCallFiles } from './align.js';
import type { MeasureJob, MeasureMessage } from './measure.js';

const { tape, records } = workerData as MeasureJob;
const post = (message: MeasureMessage) => parentPort!.postMessage(message);

async function account(asked: NonNullable<MeasureJob['records']>): Promise<MeasureMessage> {
  try {
    return { account: await alignCallFiles({ ...asked, tape }) };
  } catch (error) {
    if (!isFirstwordError(error)) throw error;
    return { alignmentError: error.message };
  }
}

try {
  post({ measured: await measureTapeFile(tape) });
  if (records) post(await account(records));
} catch (error) {
  if (!isFirstwordError(error)) throw error;
  post({ failed: { code: error.code, message: error.message } });
}
