import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { cacheDir } from '@firstword/turn/store';
import { sha256Of } from '../sha256.js';

/** The release of Smart Turn that this package knows, and where it comes from. */
export const SMART_TURN = {
  name: 'smart-turn-v3.2',
  /** A Python package whose wheel contains the weights. */
  package: 'pipecat-ai',
  version: '1.14.0',
  /** Path of the weights in the wheel. */
  path: 'pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx',
  sha256: '2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f',
  licence: 'BSD-2-Clause, Daily (Pipecat)',
  downloadMb: 12,
  diskMb: 9,
} as const;

/** Where `fetchSmartTurn` puts the weights, and `smartTurn` looks for them. */
export function smartTurnFile(): string {
  return join(cacheDir(), 'models', `${SMART_TURN.name}.onnx`);
}

/**
 * Finds the weights: the user's file, or the fetched one, whose SHA-256 is compared, because damaged weights load and then
 * answer anything.
 * @throws FirstwordError `model_file` that says what to do
 */
export async function findSmartTurn(modelFile?: string): Promise<string> {
  const file = modelFile ?? smartTurnFile();
  const remedy =
    modelFile === undefined
      ? 'Fetch it once with: npx firstword fetch smart-turn'
      : `Set modelFile to ${SMART_TURN.path} of the Python package ${SMART_TURN.package}, or leave it out.`;
  await access(file).catch((cause: unknown) => {
    throw new FirstwordError('model_file', `Smart Turn's weights are not at ${file}. ${remedy}`, { cause });
  });
  if (modelFile === undefined && (await sha256Of(file)) !== SMART_TURN.sha256)
    throw new FirstwordError('model_file', `Smart Turn's weights at ${file} are damaged. ${remedy}`);
  return file;
}
