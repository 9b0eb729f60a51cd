/** One kind of node, as `src/node-types.json` describes it. */
interface NodeInfo {
  type: string;
  named: boolean;
  root?: boolean;
  extra?: boolean;
  fields?: Record<string, ChildInfo>;
  children?: ChildInfo;
  subtypes?: NodeType[];
}

interface NodeType {
  type: string;
  named: boolean;
}

interface ChildInfo {
  multiple: boolean;
  required: boolean;
  types: NodeType[];
}

/** The grammar of TensorLogic, to be handed to `parser.setLanguage`. */
declare const binding: {
  name: string;
  /** The language itself, which only tree-sitter can look into. */
  language: unknown;
  nodeTypeInfo: NodeInfo[];
  /** The syntax highlighting query. */
  readonly HIGHLIGHTS_QUERY: string;
  /** The query for parts in other languages. */
  readonly INJECTIONS_QUERY: string;
  /** The query for scopes, definitions and references of variables. */
  readonly LOCALS_QUERY: string;
  /** The query for symbols that a file defines and calls. */
  readonly TAGS_QUERY: string;
};

export = binding;
