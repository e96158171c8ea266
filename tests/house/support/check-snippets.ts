import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { diagnosticsOf, programOf } from './program.js';
import type { Snippet } from './snippet-sources.js';
import { EXCEPTIONS, NAMESPACE_USE, PACKAGES, PLACEHOLDERS, PLUGINS } from './snippet-surroundings.js';

const HERE = fileURLToPath(new URL('./snippets/', import.meta.url));

/** A snippet as a statement, an option, or a method where it can stand. */
function inContext(code: string): string {
  const whole = code.trimEnd().replace(/\{ … \}/g, '{ throw new Error(); }');
  if (/^(override|async on)/.test(whole))
    return `class extends voice.Agent { ${whole} }`.replace(/^/, 'void ');
  // The snippet may end with a comment.
  if (/^turnHandling:/.test(whole)) return `new voice.AgentSession({ ${whole}\n });`;
  if (/^model:/.test(whole)) return `new inference.LLM({ ${whole} });`;
  if (/^prewarm:/.test(whole)) return `defineAgent({ entry: async () => {}, ${whole} });`;
  if (/^execute:/.test(whole))
    return `tool({ name: 'look', description: '', parameters: z.object({}), ${whole} });`;
  return whole;
}

/** Names that a text uses, and those that it declares itself. */
function namesIn(text: string): { used: Set<string>; declared: Set<string> } {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
      const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
      if (
        (ts.isVariableDeclaration(parent) ||
          ts.isParameter(parent) ||
          ts.isBindingElement(parent) ||
          ts.isImportSpecifier(parent) ||
          ts.isFunctionDeclaration(parent)) &&
        parent.name === node
      )
        declared.add(node.text);
      else if (!isMember && !isKey) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('snippet.ts', text, ts.ScriptTarget.ES2023, true));
  return { used, declared };
}

/** What each package exports, read from its compiled type declarations. */
function exportsOf(): Map<string, Set<string>> {
  const file = `${HERE}exports.ts`;
  const text = PACKAGES.map((name, i) => `import * as p${i} from '${name}';`).join('\n');
  const program = programOf(new Map([[file, text]]));
  const checker = program.getTypeChecker();
  return new Map(
    program
      .getSourceFile(file)!
      .statements.filter(ts.isImportDeclaration)
      .map((statement, i) => {
        const symbol = checker.getSymbolAtLocation(statement.moduleSpecifier);
        const names = symbol ? checker.getExportsOfModule(symbol).map((one) => one.name) : [];
        return [PACKAGES[i]!, new Set(names)];
      }),
  );
}

/** The snippet as a module: imports and declarations of what it uses, then itself. */
function moduleOf(code: string, exported: ReadonlyMap<string, ReadonlySet<string>>): string {
  const namespaces = new Set([...code.matchAll(NAMESPACE_USE)].map((use) => use[1] ?? use[2]!));
  const text = inContext(code);
  const { used, declared } = namesIn(text);
  const lines = [
    "import type * as agents from '@livekit/agents';",
    "import type { ChatMessage, LanguageModel } from '@firstword/llm';",
    "import type { Prepare } from '@firstword/livekit';",
    "import type { lintPrefix as _l, trimHistory as _t } from '@firstword/llm';",
  ];
  for (const name of used) {
    if (declared.has(name)) continue;
    const exception = EXCEPTIONS.find((one) => one.name === name && one.where.test(code));
    const placeholder = namespaces.has(name) ? undefined : (exception?.is ?? PLACEHOLDERS[name]);
    if (placeholder !== undefined) {
      const type = placeholder
        .replace('typeof lintPrefix', 'typeof _l')
        .replace('typeof trimHistory', 'typeof _t');
      lines.push(`declare const ${name}: ${type};`);
    } else if (name in PLUGINS && new RegExp(`\\b${name}\\.`).test(code))
      lines.push(`declare const ${name}: ${PLUGINS[name]};`);
    else if (name === 'os') lines.push("import os from 'node:os';");
    else if (name === 'z') lines.push("import { z } from 'zod';");
    else if (name === 'tool')
      lines.push("import { llm as _llm } from '@livekit/agents'; const { tool } = _llm;");
    else {
      const from = PACKAGES.find((one) => exported.get(one)!.has(name));
      if (from) lines.push(`import { ${name} } from '${from}';`);
    }
  }
  return `${lines.join('\n')}\n${text}\nexport {};\n`;
}

/** The errors in snippets, each with its place. Empty if all compile against the packages' declarations. */
export function snippetErrors(snippets: readonly Snippet[]): string[] {
  const exported = exportsOf();
  const files = new Map(snippets.map(({ code }, i) => [`${HERE}s${i}.ts`, moduleOf(code, exported)]));
  const program = programOf(files);
  return snippets.flatMap(({ place, code }, i) =>
    diagnosticsOf(program, `${HERE}s${i}.ts`).map(
      ({ messageText }) => `${place}: ${code.trim()}\n  ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    ),
  );
}
