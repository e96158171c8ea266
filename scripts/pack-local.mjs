// Copies the weights of the embedded STT into the package before it is packed; `--clean` removes them afterwards. They
// come from moonshine-js, a browser library: as a dependency it brings 500 MB that are never loaded, and a path to a
// folder that only its authors have.
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findModelFiles, verifyModelFiles } from '../packages/local/dist/stt/files.js';

const to = fileURLToPath(new URL('../packages/local/model', import.meta.url));
const licence = fileURLToPath(new URL('../LICENSE', import.meta.resolve('@moonshine-ai/moonshine-js')));

await rm(to, { recursive: true, force: true });
if (!process.argv.includes('--clean')) {
  const { encoder, decoder, usersOwn } = await findModelFiles();
  await verifyModelFiles({ encoder, decoder, usersOwn });
  await mkdir(to);
  await copyFile(encoder, join(to, 'encoder_model.onnx'));
  await copyFile(decoder, join(to, 'decoder_model_merged.onnx'));
  await copyFile(licence, join(to, 'LICENSE'));
}
