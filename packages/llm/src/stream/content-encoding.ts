import {
  type BrotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  type Gunzip,
  type Inflate,
} from 'node:zlib';

/** A stream that decodes a compressed body. */
export type Decoder = Gunzip | Inflate | BrotliDecompress;

const DECODERS = new Map<string, () => Decoder>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

const nameOf = (encoding: string) => encoding.trim().toLowerCase();

/** Whether a `content-encoding` header says that the body is not encoded. */
export const isPlain = (encoding: string): boolean => ['', 'identity'].includes(nameOf(encoding));

/** A decoder for the encoding that a `content-encoding` header names; `undefined` for an unknown one. */
export const decoderFor = (encoding: string): Decoder | undefined => DECODERS.get(nameOf(encoding))?.();
