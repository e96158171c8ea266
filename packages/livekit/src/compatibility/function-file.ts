import type { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';

/** The property of the global object that holds the function while the inspector looks at it. */
const HANDLE = '__firstwordFunctionFile';

/** URLs of the scripts seen so far, by V8's id. Listing all scripts takes some 100 ms, and ids never change. */
const scriptUrls = new Map<string, string>();

/** V8's id of the script with a function. A session in the same thread answers before `post` returns. */
function scriptIdOf(session: Session, subject: unknown): string | undefined {
  let scriptId: string | undefined;
  Reflect.set(globalThis, HANDLE, subject);
  session.post('Runtime.evaluate', { expression: `globalThis.${HANDLE}` }, (_error, evaluated) => {
    const objectId = evaluated?.result.objectId;
    if (objectId === undefined) return;
    session.post('Runtime.getProperties', { objectId, ownProperties: true }, (_failed, properties) => {
      const found = properties?.internalProperties?.find(({ name }) => name === '[[FunctionLocation]]');
      scriptId = found?.value?.value?.scriptId;
    });
  });
  Reflect.deleteProperty(globalThis, HANDLE);
  return scriptId;
}

function scriptUrlOf(subject: unknown): string | undefined {
  // Not imported: a Node without an inspector has no such module.
  const inspector = process.getBuiltinModule('node:inspector');
  const session = new inspector.Session();
  session.connect();
  try {
    const scriptId = scriptIdOf(session, subject);
    if (scriptId === undefined) return undefined;
    if (!scriptUrls.has(scriptId)) {
      session.on('Debugger.scriptParsed', ({ params }) => scriptUrls.set(params.scriptId, params.url));
      session.post('Debugger.enable');
    }
    return scriptUrls.get(scriptId);
  } finally {
    session.disconnect();
  }
}

/**
 * The file that a function or class was loaded from. It may take some 100 ms, so it is for error messages only.
 *
 * @returns `undefined` if it cannot be found: a built-in function, a Node without an inspector or with a permission against it
 */
export function fileOfFunction(subject: unknown): string | undefined {
  try {
    const url = scriptUrlOf(subject)?.replace(/[?#].*$/, '');
    if (!url) return undefined;
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  } catch {
    return undefined;
  }
}
