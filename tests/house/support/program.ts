import ts from 'typescript';

/** As an agent's project has it: streams are Node's, not the browser's. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  // A snippet in JavaScript is shown as it runs, and a method that is overridden without its types.
  noImplicitAny: false,
  skipLibCheck: true,
  noEmit: true,
};

/** Declarations are parsed once: the programs share them. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A program of files that exist in memory only. */
export function programOf(files: ReadonlyMap<string, string>): ts.Program {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, options, ...rest) => {
    const text = files.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, options, true);
    if (!parsed.has(name)) parsed.set(name, getSourceFile.call(host, name, options, ...rest));
    return parsed.get(name);
  };
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
  return ts.createProgram([...files.keys()], OPTIONS, host);
}

/** What is wrong with one file of a program. */
export function diagnosticsOf(program: ts.Program, file: string): ts.Diagnostic[] {
  const source = program.getSourceFile(file)!;
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
}
