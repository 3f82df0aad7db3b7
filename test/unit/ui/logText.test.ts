import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '../../support/vscode.ts';

const { logText } = await import('../../../src/ui/documents/logText.ts');

const stamp = '2026-11-26T10:00:00.000000000Z ';
const saysCut = /^--- Earlier lines may be missing/;

/** A log of so many bytes, in lines of 80. */
const lines = (bytes: number, ending = '\n') =>
  Array.from({ length: bytes / 80 }, () => 'x'.repeat(80 - ending.length) + ending);

describe('the text of a log says where the service may have cut it', () => {
  for (const withTimestamps of [false, true]) {
    const shown = (bytes: number, isRunning: boolean, ending?: string) =>
      logText(
        lines(bytes, ending)
          .map((line) => (withTimestamps ? stamp + line : line))
          .join(''),
        { withTimestamps, isRunning },
      );
    const words = withTimestamps ? 'with timestamps' : 'without timestamps';

    it(`by what the container wrote, ${words}`, () => {
      for (const ending of ['\n', '\r\n']) {
        assert.doesNotMatch(shown(8_000, false, ending), saysCut);
        assert.match(shown(15_920, false, ending), saysCut);
      }
      assert.doesNotMatch(shown(2_000_000, true), saysCut);
      assert.match(shown(4_000_000, true), saysCut);
    });
  }
});
