/**
 * Counts the regular expressions that `work` executes, as a measure of its steps that does not depend on the machine.
 * It sees how often a text is examined, not how far one execution backtracks.
 */
export function regexCalls(work: () => void): number {
  const { exec, test } = RegExp.prototype;
  let calls = 0;
  RegExp.prototype.exec = function counted(text: string) {
    calls += 1;
    return exec.call(this, text);
  };
  RegExp.prototype.test = function counted(text: string) {
    calls += 1;
    return exec.call(this, text) !== null;
  };
  try {
    work();
  } finally {
    RegExp.prototype.exec = exec;
    RegExp.prototype.test = test;
  }
  return calls;
}
