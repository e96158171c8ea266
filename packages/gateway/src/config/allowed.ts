import { configJsonSchema } from './schema.js';

/** A part of a JSON Schema, as far as the config file uses it. */
interface SchemaNode {
  type?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

let root: SchemaNode | undefined;

const branchesOf = (node: SchemaNode): SchemaNode[] => node.anyOf?.flatMap(branchesOf) ?? [node];

function childrenOf(node: SchemaNode, name: PropertyKey): SchemaNode[] {
  if (typeof name === 'number') return node.items ? branchesOf(node.items) : [];
  const { properties = {}, additionalProperties } = node;
  const own = Object.hasOwn(properties, name) ? properties[String(name)] : undefined;
  const child = own ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
  return child ? branchesOf(child) : [];
}

/** What may stand at a path of the config file: one node for each alternative. */
function nodesAt(path: readonly PropertyKey[]): SchemaNode[] {
  root ??= configJsonSchema() as SchemaNode;
  return path.reduce<SchemaNode[]>(
    (nodes, name) => nodes.flatMap((node) => childrenOf(node, name)),
    branchesOf(root),
  );
}

/** The settings that may stand below a path; empty where the names are free. */
export const settingsAt = (path: readonly PropertyKey[]): string[] =>
  nodesAt(path).flatMap(({ properties = {} }) => Object.keys(properties));

/** The values of which a path takes one; empty where it takes others too. */
export const choicesAt = (path: readonly PropertyKey[]): string[] =>
  nodesAt(path).flatMap((node) => node.enum?.map(String) ?? []);

function nodeText(node: SchemaNode, name: string): string {
  const { type, minimum, maximum } = node;
  if (node.enum) return node.enum.join(' or ');
  if (node.pattern) return 'the name of an environment variable in capitals, such as TEAM_API_KEY';
  if (type === 'number' || type === 'integer') {
    const kind = type === 'integer' ? 'a whole number' : 'a number';
    const unit = name.endsWith('Ms') ? ' of milliseconds' : name.endsWith('Bytes') ? ' of bytes' : '';
    return `${kind}${unit} from ${minimum} to ${maximum}`;
  }
  if (type === 'boolean') return 'true or false';
  if (type === 'array') {
    // Only the list of models may not be empty.
    return node.minItems === undefined ? 'a list' : `a list of ${node.minItems} to ${node.maxItems} models`;
  }
  if (type === 'object') {
    const settings = Object.keys(node.properties ?? {});
    return settings.length > 0 ? `an object with ${settings.join(', ')}` : 'an object';
  }
  return 'a text';
}

/** What a path takes, in words, such as `a number from 0 to 1`. */
export function allowedAt(path: readonly PropertyKey[]): string {
  const name = String(path.at(-1) ?? '');
  return [...new Set(nodesAt(path).map((node) => nodeText(node, name)))].join(', or ');
}
