import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { reset } from '../support/control.ts';
import { closeTerminals, terminal, web, windows } from './terminals.ts';

const megabyte = 1024 * 1024;

describe('pasting', () => {
  beforeEach(reset);
  afterEach(closeTerminals);

  it('1 MB arrives complete and in order, and does not pile up in memory', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/# $/);
    const text = Array.from({ length: megabyte / 16 }, (_, line) => `${line} é 你`.padEnd(12, '.')).join(
      '\n',
    );
    const bytes = Buffer.from(text);
    pty.handleInput(`stty raw -echo; echo ready; head -c ${bytes.length} | cat >f; stty sane; sha256sum f\r`);
    await screen.matches(/ready\r?\n/);
    const before = memory();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, memory() - before)), 5);
    pty.handleInput(text);
    try {
      await screen.matches(new RegExp(createHash('sha256').update(bytes).digest('hex')));
    } finally {
      clearInterval(watch);
    }
    assert.ok(most < 8 * megabyte, `grew by ${most} bytes`);
  });

  it('Windows: nothing of a long paste is lost', async () => {
    const { pty, screen } = await terminal(windows, ['cmd.exe']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/C:\\>$/);
    const text = Array.from({ length: 300 }, (_, word) => String(word)).join('-');
    pty.handleInput(`echo ${text}\r`);
    await screen.matches(new RegExp(`\\r\\n${text}\\r\\n`));
  });
});

/** What this process uses, in bytes: the heap, and buffers outside of it. */
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
