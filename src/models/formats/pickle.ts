/**
 * A reader of Python pickles that runs nothing: it knows the opcodes that data needs (protocols 2 to 5), and whoever
 * calls it decides by name which constructors exist. All others are refused with their name.
 */
import { UserError } from '../../engine/errors';
import type { ByteCursor } from './byteCursor';

export type PickleValue =
  null | boolean | number | bigint | string | Uint8Array | PickleValue[] | Map<PickleValue, PickleValue> | PickleObject;

/** A value that only the caller's constructors know. */
export interface PickleObject {
  readonly kind: string;
}

export interface PickleConstructor extends PickleObject {
  readonly kind: 'constructor';
  readonly call: (args: PickleValue[]) => PickleValue;
}

export interface PickleRules {
  /** The value of `module.name`, or a UserError that refuses it. */
  readonly global: (name: string) => PickleObject;
  /** The value that stands for a persistent id (PyTorch: a storage). */
  readonly persistent: (id: PickleValue) => PickleValue;
}

/** Reads one pickle from the cursor on, and leaves the cursor behind it. */
export function readPickle(cursor: ByteCursor, rules: PickleRules, fileName: string): PickleValue {
  const machine = new PickleMachine(cursor, rules, fileName);
  for (let count = 0; count < MOST_OPCODES; count++) {
    const opcode = cursor.byte();
    if (opcode === STOP) return machine.result();
    const operation = OPERATIONS[opcode];
    if (operation === undefined) {
      throw machine.wrong(`opcode 0x${opcode.toString(16)} at byte ${cursor.position - 1} is not one that data needs`);
    }
    operation(machine, cursor);
  }
  throw machine.wrong(`it has more than ${MOST_OPCODES} operations`);
}

const STOP = 0x2e;
/** Longest integer, bytes: PyTorch's magic number has 10. */
const LONGEST_INTEGER = 16;
/**
 * A tensor's description takes about 50 operations and 300 bytes; more than this is no checkpoint, and would fill
 * memory.
 */
const MOST_OPCODES = 1_000_000;
export const LARGEST_PICKLE = 64 << 20;
const MARK = Symbol('mark');

/** Stack and memo of one pickle that is being read. */
class PickleMachine {
  private readonly stack: (PickleValue | typeof MARK)[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    private readonly cursor: ByteCursor,
    readonly rules: PickleRules,
    private readonly fileName: string,
  ) {}

  wrong(what: string): UserError {
    return new UserError(`${this.fileName} is no intact pickle of tensors: ${what}.`);
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  mark(): void {
    this.stack.push(MARK);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK)
      throw this.wrong(`a value is missing before byte ${this.cursor.position}`);
    return value;
  }

  popToMark(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw this.wrong(`a mark is missing before byte ${this.cursor.position}`);
    const values = this.stack.splice(mark + 1) as PickleValue[];
    this.stack.pop();
    return values;
  }

  /** The last `length` values, in the order in which they were pushed. */
  popTuple(length: number): PickleValue[] {
    return Array.from({ length }, () => this.pop()).reverse();
  }

  top(): PickleValue {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  memoize(index: number = this.memo.size): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.wrong(`it refers to value ${index}, which does not exist`);
    this.push(value);
  }

  setItems(pairs: PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof Map) || pairs.length % 2 !== 0) throw this.wrong('items are set on what is no dictionary');
    for (let i = 0; i < pairs.length; i += 2) target.set(pairs[i]!, pairs[i + 1]!);
  }

  append(values: PickleValue[]): void {
    const target = this.top();
    if (!Array.isArray(target)) throw this.wrong('values are appended to what is no list');
    for (const value of values) target.push(value);
  }

  /** A signed little-endian integer; a bigint only where a number would lose digits. */
  integer(length: number): void {
    if (length > LONGEST_INTEGER) throw this.wrong(`an integer has ${length} bytes`);
    let value = 0n;
    for (const byte of this.cursor.bytes(length).slice().reverse()) value = (value << 8n) | BigInt(byte);
    value = BigInt.asIntN(8 * length, value);
    this.push(Number.isSafeInteger(Number(value)) ? Number(value) : value);
  }

  call(): void {
    const args = this.pop();
    const made = this.pop();
    if (!isConstructor(made) || !Array.isArray(args)) throw this.wrong('it calls what is no constructor');
    this.push(made.call(args));
  }

  globalOnStack(): void {
    const [module, name] = this.popTuple(2);
    if (typeof module !== 'string' || typeof name !== 'string') throw this.wrong('a constructor has no name');
    this.push(this.rules.global(`${module}.${name}`));
  }

  /** Attributes of a dictionary (PyTorch keeps `_metadata` there) are not needed. */
  dropAttributes(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw this.wrong('it sets attributes of what is no dictionary');
  }

  checkProtocol(protocol: number): void {
    if (protocol < 2 || protocol > 5) throw this.wrong(`it has the protocol ${protocol}; 2 to 5 can be read`);
  }

  result(): PickleValue {
    const value = this.pop();
    if (this.stack.length > 0) throw this.wrong('values are left over at its end');
    return value;
  }
}

/** What each opcode does. Lists and tuples are both arrays here. */
const OPERATIONS: Readonly<Record<number, (m: PickleMachine, cursor: ByteCursor) => void>> = {
  0x80: (m, c) => m.checkProtocol(c.byte()), // PROTO
  0x95: (_, c) => void c.bytes(8), // FRAME
  0x28: (m) => m.mark(), // MARK
  0x30: (m) => void m.pop(), // POP
  0x31: (m) => void m.popToMark(), // POP_MARK
  0x32: (m) => m.push(m.top()), // DUP
  0x4e: (m) => m.push(null), // NONE
  0x88: (m) => m.push(true), // NEWTRUE
  0x89: (m) => m.push(false), // NEWFALSE
  0x4b: (m, c) => m.push(c.byte()), // BININT1
  0x4d: (m, c) => m.push(c.view(2).getUint16(0, true)), // BININT2
  0x4a: (m, c) => m.push(c.view(4).getInt32(0, true)), // BININT
  0x8a: (m, c) => m.integer(c.byte()), // LONG1
  0x8b: (m, c) => m.integer(c.uint32()), // LONG4
  0x47: (m, c) => m.push(c.view(8).getFloat64(0, false)), // BINFLOAT
  0x8c: (m, c) => m.push(c.text(c.byte())), // SHORT_BINUNICODE
  0x58: (m, c) => m.push(c.text(c.uint32())), // BINUNICODE
  0x8d: (m, c) => m.push(c.text(c.uint64())), // BINUNICODE8
  0x55: (m, c) => m.push(c.text(c.byte())), // SHORT_BINSTRING
  0x54: (m, c) => m.push(c.text(c.uint32())), // BINSTRING
  0x43: (m, c) => m.push(c.bytes(c.byte()).slice()), // SHORT_BINBYTES
  0x42: (m, c) => m.push(c.bytes(c.uint32()).slice()), // BINBYTES
  0x7d: (m) => m.push(new Map()), // EMPTY_DICT
  0x73: (m) => m.setItems(m.popTuple(2)), // SETITEM
  0x75: (m) => m.setItems(m.popToMark()), // SETITEMS
  0x5d: (m) => m.push([]), // EMPTY_LIST
  0x29: (m) => m.push([]), // EMPTY_TUPLE
  0x6c: (m) => m.push(m.popToMark()), // LIST
  0x74: (m) => m.push(m.popToMark()), // TUPLE
  0x85: (m) => m.push(m.popTuple(1)), // TUPLE1
  0x86: (m) => m.push(m.popTuple(2)), // TUPLE2
  0x87: (m) => m.push(m.popTuple(3)), // TUPLE3
  0x61: (m) => m.append(m.popTuple(1)), // APPEND
  0x65: (m) => m.append(m.popToMark()), // APPENDS
  0x71: (m, c) => m.memoize(c.byte()), // BINPUT
  0x72: (m, c) => m.memoize(c.uint32()), // LONG_BINPUT
  0x94: (m) => m.memoize(), // MEMOIZE
  0x68: (m, c) => m.recall(c.byte()), // BINGET
  0x6a: (m, c) => m.recall(c.uint32()), // LONG_BINGET
  0x63: (m, c) => m.push(m.rules.global(`${c.line()}.${c.line()}`)), // GLOBAL
  0x93: (m) => m.globalOnStack(), // STACK_GLOBAL
  0x51: (m) => m.push(m.rules.persistent(m.pop())), // BINPERSID
  0x52: (m) => m.call(), // REDUCE
  0x62: (m) => m.dropAttributes(), // BUILD
};

function isConstructor(value: PickleValue): value is PickleConstructor {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'constructor';
}
