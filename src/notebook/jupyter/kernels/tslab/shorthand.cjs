/**
 * `{ profile }` with `profile` from an earlier cell: tslab asks the compiler for the property's symbol instead of the
 * variable's, so that at run time "profile is not defined". Written out as `{ profile: profile }` it is right.
 */
const path = require('node:path');

/** The function that writes shorthand properties out; every other character of the cell stays as it is. */
module.exports = function shorthandWriter(root) {
  const ts = require(path.join(root, 'node_modules/@tslab/typescript-for-tslab'));
  return (code) => {
    const source = ts.createSourceFile('cell.tsx', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
    const names = [];
    const visit = (node) => {
      if (ts.isShorthandPropertyAssignment(node)) names.push(node.name);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return names.reduceRight((text, name) => `${text.slice(0, name.end)}: ${name.text}${text.slice(name.end)}`, code);
  };
};
