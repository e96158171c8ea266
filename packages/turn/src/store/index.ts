/** Turn records in files, temporary folders, and the cache folder. The only part of this package that touches the disk. */
export { cacheDir } from './cache-dir.js';
export { openTemporaryFolder, type TemporaryFolder } from './temporary-folder.js';
export { openTurnStore, type TurnStore, type TurnStoreOptions } from './turn-store.js';
