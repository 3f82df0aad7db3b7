// Prints a stack of the built extension with the places in its source: npm run stack < stack.txt
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** @type {Map<string, SourceMap>} */
const maps = new Map();

/** @param {string} file of `dist` */
function sourceMap(file) {
  const map = maps.get(file) ?? new SourceMap(JSON.parse(readFileSync(`dist/${file}.map`, 'utf8')));
  maps.set(file, map);
  return map;
}

const stack = await text(process.stdin);
process.stdout.write(
  stack.replaceAll(/dist[\\/](\w[\w.-]*\.cjs):(\d+):(\d+)/g, (place, file, line, column) => {
    const origin = sourceMap(file).findOrigin(Number(line), Number(column));
    return 'fileName' in origin
      ? `${path.join('dist', origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`
      : place;
  }),
);
