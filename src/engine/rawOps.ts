/** How the attributes of a raw TensorFlow operation are written here, and how the native addon wants them. */

/**
 * A boolean, a dtype by name, or a number, list, text or shape named by its kind: attributes are typed in TensorFlow.
 */
export type OpAttribute =
  | boolean
  | 'float32'
  | 'bfloat16'
  | 'int32'
  | 'bool'
  | 'string'
  | { readonly int: number | readonly number[] }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly shape: readonly number[] };

export type OpAttributes = Readonly<Record<string, OpAttribute>>;

/** The addon's numbers for dtypes and kinds of attribute (TF_FLOAT, TF_ATTR_TYPE, …). */
export type Binding = Readonly<Record<string, number>>;

const dtypeNames = { float32: 'TF_FLOAT', int32: 'TF_INT32', bool: 'TF_BOOL', string: 'TF_STRING' } as const;

/** TF_BFLOAT16, which the addon has no name for. */
const BFLOAT16 = 14;

/** The list that the addon's executeOp takes. */
export function encodeAttributes(attributes: OpAttributes, binding: Binding): object[] {
  return Object.entries(attributes).map(([name, value]) => {
    const [kind, encoded] = encodeValue(value, binding);
    return { name, type: binding[kind], value: encoded };
  });
}

function encodeValue(value: OpAttribute, binding: Binding): [kind: string, value: unknown] {
  if (typeof value === 'boolean') return ['TF_ATTR_BOOL', value];
  if (value === 'bfloat16') return ['TF_ATTR_TYPE', BFLOAT16];
  if (typeof value === 'string') return ['TF_ATTR_TYPE', binding[dtypeNames[value]]];
  if ('int' in value) return ['TF_ATTR_INT', value.int];
  if ('float' in value) return ['TF_ATTR_FLOAT', value.float];
  if ('text' in value) return ['TF_ATTR_STRING', value.text];
  return ['TF_ATTR_SHAPE', value.shape];
}
