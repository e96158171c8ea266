import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findModelFiles, verifyModelFiles } from './files.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firstword-model-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('model files', () => {
  it('have the published SHA-256', async () => {
    await expect(verifyModelFiles(await findModelFiles())).resolves.toBeUndefined();
  });

  it('are named when their SHA-256 differs', async () => {
    const { encoder } = await findModelFiles();
    const decoder = join(dir, 'decoder_model_merged.onnx');
    await writeFile(decoder, 'damaged');
    await expect(verifyModelFiles({ encoder, decoder, usersOwn: false })).rejects.toMatchObject({
      code: 'model_file',
      message: expect.stringContaining(decoder),
    });
  });

  it('are not compared in a folder of the user', async () => {
    const { encoder } = await findModelFiles();
    await copyFile(encoder, join(dir, 'encoder_model.onnx'));
    await writeFile(join(dir, 'decoder_model_merged.onnx'), 'another model');
    await expect(verifyModelFiles(await findModelFiles(dir))).resolves.toBeUndefined();
  });

  it('are named when they are missing', async () => {
    await expect(findModelFiles(dir)).rejects.toThrow(join(dir, 'encoder_model.onnx'));
  });
});
