import { existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FirstwordError } from '@firstword/turn';
import { sha256Of } from '../sha256.js';

const ENCODER = 'encoder_model.onnx';
const DECODER = 'decoder_model_merged.onnx';

/** SHA-256 of the files of Moonshine tiny (quantized, English) in `@moonshine-ai/moonshine-js@0.1.29`, by name. */
export const MODEL_SHA256: Readonly<Record<string, string>> = {
  [ENCODER]: 'c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a',
  [DECODER]: 'eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367',
};

/** The two files Moonshine tiny consists of. */
export interface ModelFiles {
  encoder: string;
  decoder: string;
  /** Whether the user set the folder. It decides the advice in an error message. */
  usersOwn: boolean;
}

/**
 * Finds the model files, in `modelDir` or where this package has them.
 *
 * @throws FirstwordError `model_file` naming the file that is missing.
 */
export async function findModelFiles(modelDir?: string): Promise<ModelFiles> {
  const directory = modelDir ?? packagedModelDir();
  const usersOwn = modelDir !== undefined;
  const files = { encoder: join(directory, ENCODER), decoder: join(directory, DECODER), usersOwn };
  for (const file of [files.encoder, files.decoder]) {
    await access(file).catch((cause: unknown) => {
      throw modelFileError({ file, usersOwn, cause });
    });
  }
  return files;
}

/**
 * Compares the packaged files with their published SHA-256: a damaged weight loads, and then hears other words. A
 * user's own files are not compared. It takes 0.1 s for 27 MB, off the event loop.
 *
 * @throws FirstwordError `model_file` naming the file that differs.
 */
export async function verifyModelFiles({ encoder, decoder, usersOwn }: ModelFiles): Promise<void> {
  if (usersOwn) return;
  await verify(encoder, MODEL_SHA256[ENCODER]!);
  await verify(decoder, MODEL_SHA256[DECODER]!);
}

async function verify(file: string, sha256: string): Promise<void> {
  if ((await sha256Of(file)) === sha256) return;
  throw modelFileError({ file, usersOwn: false, cause: new Error('its SHA-256 is not the published one') });
}

/** The error for a model file that is missing or does not load. */
export function modelFileError(problem: { file: string; usersOwn: boolean; cause: unknown }): FirstwordError {
  const { file, usersOwn, cause } = problem;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const remedy = usersOwn
    ? `Put ${ENCODER} and ${DECODER} of Moonshine tiny (quantized) into modelDir, or leave modelDir out.`
    : 'Reinstall @firstword/local: the file is part of that npm package.';
  const message = `The speech-to-text model file ${file} is missing or damaged (${reason}). ${remedy}`;
  return new FirstwordError('model_file', message, { cause });
}

/** The folder inside this package; in the repository, which has no weights, that of moonshine-js, where they come from. */
function packagedModelDir(): string {
  const packed = fileURLToPath(new URL('../../model', import.meta.url));
  if (existsSync(packed)) return packed;
  try {
    const entry = import.meta.resolve('@moonshine-ai/moonshine-js');
    return fileURLToPath(new URL('./model/tiny/quantized', entry));
  } catch {
    return packed;
  }
}
