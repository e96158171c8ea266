import { FirstwordError } from '@firstword/turn';

/**
 * Turns the failure to import the model's module into advice. onnxruntime-node is an optional peer dependency: its
 * install script fetches GPU binaries, which nobody who only synthesizes speech should get.
 *
 * @throws FirstwordError `model_file` if onnxruntime-node is missing or has no binary for this machine; else the cause.
 */
export function needsRuntime(cause: unknown): never {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (!message?.includes('onnxruntime')) throw cause;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' && message.includes("'onnxruntime-node'");
  throw new FirstwordError(
    'model_file',
    isMissing
      ? 'The embedded speech models need onnxruntime-node, which is not installed: npm install --ignore-scripts onnxruntime-node@1.24.3'
      : `onnxruntime-node 1.24.3 cannot be loaded on ${process.platform} ${process.arch}, so the embedded speech models do not run here (${message.split('\n')[0]}).`,
    { cause },
  );
}
