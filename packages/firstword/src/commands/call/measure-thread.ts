import { parentPort, workerData } from 'node:worker_threads';
import { detectGapsInFile } from '@firstword/calls/alignment';
import { isFirstwordError } from '@firstword/turn';
import { alignCallFiles } from './align.js';
import type { MeasureJob, MeasureMessage } from './measure.js';

const { tape, records } = workerData as MeasureJob;
const post = (message: MeasureMessage) => parentPort!.postMessage(message);

async function alignment(asked: NonNullable<MeasureJob['records']>): Promise<MeasureMessage> {
  try {
    return { alignment: await alignCallFiles({ ...asked, tape }) };
  } catch (error) {
    if (!isFirstwordError(error)) throw error;
    return { alignmentError: error.message };
  }
}

try {
  post({ measured: await detectGapsInFile(tape) });
  if (records) post(await alignment(records));
} catch (error) {
  if (!isFirstwordError(error)) throw error;
  post({ failed: { code: error.code, message: error.message } });
}
