import { describe, expect, it } from 'vitest';
import { needsRuntime } from './runtime.js';

const failure = (message: string, code?: string) => Object.assign(new Error(message), { code });

describe('needsRuntime', () => {
  it('tells how to install onnxruntime-node without its install script', () => {
    const cause = failure(
      "Cannot find package 'onnxruntime-node' imported from /a/model.js",
      'ERR_MODULE_NOT_FOUND',
    );
    expect(() => needsRuntime(cause)).toThrow(/npm install --ignore-scripts onnxruntime-node@/);
  });

  it('says which machine has no binary', () => {
    const cause = failure(
      "Cannot find module '../onnxruntime-node/bin/x.node'\nRequire stack:",
      'MODULE_NOT_FOUND',
    );
    expect(() => needsRuntime(cause)).toThrow(new RegExp(`${process.platform} ${process.arch}`));
  });

  it('passes on everything else', () => {
    const cause = failure('Unexpected token');
    expect(() => needsRuntime(cause)).toThrow(cause);
  });
});
