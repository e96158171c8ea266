// Stands in for global-agent, which only onnxruntime-node's install script uses. That script fetches GPU binaries from
// outside npm, unless this variable is set; it calls `bootstrap` first. npm itself has no setting for one script's
// environment: it warns about a key in .npmrc that it does not know.
exports.bootstrap = () => {
  process.env.ONNXRUNTIME_NODE_INSTALL ??= 'skip';
};
