// Writes the README's tables anew: `npm run readme`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readText, root } from './project.ts';
import { withTables } from './readmeTables.ts';

writeFileSync(path.join(root, 'README.md'), await withTables(readText('README.md')));
