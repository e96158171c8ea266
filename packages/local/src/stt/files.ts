import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FirstwordError } from '@firstword/turn';

const ENCODER = 'encoder_model.onnx';
const DECODER = 'decoder_model_merged.onnx';

/** The two files Moonshine tiny consists of. */
export interface ModelFiles {
  encoder: string;
  decoder: string;
  /** Whether the user set the folder. It decides the advice in an error message. */
  usersOwn: boolean;
}

/**
 * Finds the model files, in `modelDir` or in the installed moonshine-js package wherever the package manager put it.
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

/** The error for a model file that is missing or does not load. */
export function modelFileError(problem: { file: string; usersOwn: boolean; cause: unknown }): FirstwordError {
  const { file, usersOwn, cause } = problem;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const remedy = usersOwn
    ? `Put ${ENCODER} and ${DECODER} of Moonshine tiny (quantized) into modelDir, or leave modelDir out.`
    : 'Run `npm ci` again: the file is part of the npm package @moonshine-ai/moonshine-js.';
  const message = `The speech-to-text model file ${file} is missing or damaged (${reason}). ${remedy}`;
  return new FirstwordError('model_file', message, { cause });
}

function packagedModelDir(): string {
  try {
    const entry = import.meta.resolve('@moonshine-ai/moonshine-js');
    return fileURLToPath(new URL('./model/tiny/quantized', entry));
  } catch (cause) {
    throw modelFileError({ file: '@moonshine-ai/moonshine-js', usersOwn: false, cause });
  }
}
