import { parentPort, workerData } from 'node:worker_threads';
import { detectGapsInFile } from '@firstword/calls/alignment';
import { isFirstwordError } from '@firstword/turn';
import { alignCallFiles } from './align.js';
import type { MeasureJob, Told } from './measure.js';

const { tape, records } = workerData as MeasureJob;
const tell = (told: Told) => parentPort!.postMessage(told);

async function aligned(asked: NonNullable<MeasureJob['records']>): Promise<Told> {
  try {
    return { alignment: await alignCallFiles({ ...asked, tape }) };
  } catch (error) {
    if (!isFirstwordError(error)) throw error;
    return { alignmentError: error.message };
  }
}

try {
  tell({ measured: await detectGapsInFile(tape) });
  if (records) tell(await aligned(records));
} catch (error) {
  if (!isFirstwordError(error)) throw error;
  tell({ failed: { code: error.code, message: error.message } });
}
