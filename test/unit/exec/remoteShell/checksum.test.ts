import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from '../../../support/fc.ts';
import { checksumOf, checksumTools } from '../../../../src/exec/remoteShell/checksum.ts';

describe('checksumOf', () => {
  for (const tool of checksumTools) {
    it(`adds up as ${tool} does, however the data is cut`, () => {
      const piece = fc.uint8Array({ maxLength: 50 });
      const same = fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const sum = checksumOf(tool);
        pieces.forEach((data) => sum.update(data));
        const printed = execFileSync(tool, { input: Buffer.concat(pieces), encoding: 'utf8' });
        assert.equal(sum.digest(), printed.split(' ', 1)[0]);
      });
      fc.assert(same, { numRuns: 30 });
    });
  }
});
