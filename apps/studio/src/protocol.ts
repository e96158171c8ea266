// The protocol is part of the published package that serves this page.
export * from 'firstword/studio-protocol';
