/**
 * The directory of a zip file (PKWARE APPNOTE 4.3, with zip64): which entry lies where. Entries are looked up by name
 * and read by offset from the archive itself; nothing is ever unpacked to disk, so no name can lead out of a folder.
 * Only stored (not compressed) entries are given out: that is what PyTorch writes, and it leaves nothing to inflate.
 */
import { UserError } from '../../engine/errors';
import { readBytes, type BinaryFile } from './binaryFile';

export interface ZipEntry {
  readonly name: string;
  /** Byte offset of the entry's content in the archive. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const CENTRAL_LENGTH = 46;
const LOCAL_LENGTH = 30;
/** Bytes; an entry takes about 100, so this is far beyond any checkpoint. */
const LARGEST_DIRECTORY = 64 << 20;
/** What a 32-bit field holds when its number stands in a zip64 field. */
const WIDE = 0xffffffff;

/** The stored entries by name. Throws a UserError for a damaged archive, a compressed entry or a name given twice. */
export function readZipDirectory(file: BinaryFile): Map<string, ZipEntry> {
  const wrong = (what: string) => new UserError(`${file.name} is no intact zip file: ${what}.`);
  const { offset, size, count } = findDirectory(file, wrong);
  if (offset + size > file.size) throw wrong('its directory lies beyond its end');
  if (size > LARGEST_DIRECTORY) throw wrong(`a directory of ${size} bytes is over the limit of ${LARGEST_DIRECTORY}`);
  const bytes = readBytes(file, offset, size);
  const view = new DataView(bytes.buffer);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0, i = 0; i < count; i++) {
    if (at + CENTRAL_LENGTH > size || view.getUint32(at, true) !== 0x02014b50) throw wrong(`entry ${i} has no header`);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + CENTRAL_LENGTH + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > size) throw wrong(`entry ${i} is cut off`);
    const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + nameLength));
    if (entries.has(name)) throw wrong(`"${name}" is in it twice`);
    if (view.getUint16(at + 8, true) & 1) throw wrong(`"${name}" is encrypted`);
    if (view.getUint16(at + 10, true) !== 0)
      throw wrong(`"${name}" is compressed; PyTorch stores its entries as they are`);
    const extra = at + CENTRAL_LENGTH + nameLength;
    const place = placeOf(view, at, { from: extra, to: extra + extraLength }, wrong);
    entries.set(name, { name, offset: contentOffset(file, place.local, place.size, name, wrong), size: place.size });
    at = next;
  }
  return entries;
}

type Wrong = (what: string) => UserError;

function findDirectory(file: BinaryFile, wrong: Wrong): { offset: number; size: number; count: number } {
  const tailLength = Math.min(file.size, END_LENGTH + LONGEST_COMMENT);
  const tail = readBytes(file, file.size - tailLength, tailLength);
  const view = new DataView(tail.buffer);
  let end = tailLength - END_LENGTH;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw wrong('it has no end record (is it cut off?)');
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const offset = view.getUint32(end + 16, true);
  if (count !== 0xffff && size !== WIDE && offset !== WIDE) return { offset, size, count };

  // zip64: a locator of 20 bytes before the end record points to the wide end record
  if (end < 20 || view.getUint32(end - 20, true) !== 0x07064b50) throw wrong('its zip64 locator is missing');
  const wide = new DataView(readBytes(file, wideNumber(view, end - 12, wrong), 56).buffer);
  if (wide.getUint32(0, true) !== 0x06064b50) throw wrong('its zip64 end record is missing');
  return { count: wideNumber(wide, 32, wrong), size: wideNumber(wide, 40, wrong), offset: wideNumber(wide, 48, wrong) };
}

function wideNumber(view: DataView, at: number, wrong: Wrong): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw wrong(`it names the offset ${value}`);
  return value;
}

/** Size and local header offset of a directory entry; a number of 0xffffffff stands in the entry's zip64 field. */
function placeOf(view: DataView, at: number, extra: { from: number; to: number }, wrong: Wrong) {
  const fields = [24, 20, 42].map((field) => view.getUint32(at + field, true)); // size, compressed size, offset
  let next = fields.includes(WIDE) ? zip64Field(view, extra, wrong) : 0;
  const [size, compressed, local] = fields.map((field) => {
    if (field !== WIDE) return field;
    next += 8;
    if (next > extra.to) throw wrong('a zip64 field is cut off');
    return wideNumber(view, next - 8, wrong);
  }) as [number, number, number];
  if (size !== compressed) throw wrong('a stored entry has two sizes');
  return { size, local };
}

/** Where the content of the zip64 field begins among an entry's extra fields. */
function zip64Field(view: DataView, { from, to }: { from: number; to: number }, wrong: Wrong): number {
  for (let field = from; field + 4 <= to; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) === 1) return field + 4;
  }
  throw wrong('a zip64 field is missing');
}

/** Where an entry's content begins: after its local header, whose name and extra field have their own lengths. */
function contentOffset(file: BinaryFile, local: number, size: number, name: string, wrong: Wrong): number {
  if (local + LOCAL_LENGTH > file.size) throw wrong(`"${name}" lies beyond its end`);
  const header = new DataView(readBytes(file, local, LOCAL_LENGTH).buffer);
  if (header.getUint32(0, true) !== 0x04034b50) throw wrong(`"${name}" has no local header`);
  const offset = local + LOCAL_LENGTH + header.getUint16(26, true) + header.getUint16(28, true);
  if (offset + size > file.size) throw wrong(`"${name}" is cut off`);
  return offset;
}
