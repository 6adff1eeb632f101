/** Files that appear whole or not at all, on a disk with room and on a full one. */
import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { append, replaceTogether, requireFolder, writeOnce, writeWhole } from '../../src/engine/atomicFile';
import { UserError } from '../../src/engine/errors';
import { fillDisk } from '../fullDisk';
import { temporaryFolder } from '../temporaryFolder';

const root = temporaryFolder();
const newFolder = () => fs.mkdtempSync(join(root, 'folder-'));

let makeRoom = () => {};
afterEach(() => makeRoom());

const read = (file: string) => fs.readFileSync(file, 'utf8');

test.each([
  ['writeWhole', writeWhole],
  ['writeOnce', writeOnce],
  ['append', append],
])('%s on a full disk says so', (_, write) => {
  const file = join(newFolder(), 'file');
  makeRoom = fillDisk();
  expect(() => write(file, 'of the new')).toThrow(UserError);
  expect(() => write(file, 'of the new')).toThrow(/The disk is full: .*file could not be written\. Free some space/);
});

test('a place that is none is said', () => {
  const folder = newFolder();
  const file = join(folder, 'file');
  writeWhole(file, 'old');
  expect(() => writeWhole(join(file, 'under'), 'new')).toThrow(UserError);
  expect(() => writeWhole(folder, 'new')).toThrow(/cannot be written: there is a file where a folder should be, or/);
  expect(() => replaceTogether(file, ['a'], () => undefined)).toThrow(/Choose another place/);
});

test('a folder to be written is looked at before, and nothing is left there', () => {
  const folder = newFolder();
  requireFolder(join(folder, 'a', 'b'));
  requireFolder(folder);
  expect(fs.readdirSync(folder)).toEqual([]);
  const file = join(folder, 'file');
  writeWhole(file, 'old');
  const message = /file.* cannot be written: there is a file where a folder should be, or .*Choose another place/;
  expect(() => requireFolder(file)).toThrow(message);
  expect(() => requireFolder(join(file, 'under'))).toThrow(message);
  expect(fs.readdirSync(folder)).toEqual(['file']);
});

test('on a full disk the old file stays, and nothing else', () => {
  const folder = newFolder();
  const file = join(folder, 'folder', 'file');
  writeWhole(file, 'old');
  makeRoom = fillDisk();
  expect(() => writeWhole(file, 'of the new')).toThrow(/full/);
  expect(read(file)).toBe('old');
  expect(fs.readdirSync(join(folder, 'folder'))).toEqual(['file']);
  makeRoom();
  writeWhole(file, 'new');
  expect(read(file)).toBe('new');
});

test('writeOnce never overwrites', () => {
  const folder = newFolder();
  const file = join(folder, 'file');
  writeOnce(file, 'first');
  expect(() => writeOnce(file, 'second')).toThrow(/exists already\. Results are never overwritten/);
  expect(read(file)).toBe('first');
  expect(fs.readdirSync(folder)).toEqual(['file']);
});

test('files that belong together are replaced together, and one that is not written anew is gone', () => {
  const folder = newFolder();
  const contents = () => Object.fromEntries(fs.readdirSync(folder).map((name) => [name, read(join(folder, name))]));
  const replace = (files: Record<string, string>) =>
    replaceTogether(folder, ['a', 'b', 'c'], (aside) => {
      for (const [name, text] of Object.entries(files)) fs.writeFileSync(join(aside, name), text);
    });
  writeWhole(join(folder, 'of someone else'), 'kept');
  replace({ a: 'old a', b: 'old b', c: 'old c' });
  const old = { 'of someone else': 'kept', a: 'old a', b: 'old b', c: 'old c' };
  expect(contents()).toEqual(old);
  makeRoom = fillDisk();
  expect(() => replace({ a: 'new a', c: 'new c' })).toThrow(/The disk is full/);
  expect(contents()).toEqual(old);
  makeRoom();
  replace({ a: 'new a', c: 'new c' });
  expect(contents()).toEqual({ 'of someone else': 'kept', a: 'new a', c: 'new c' });
});
