import '../../support/vscode.ts';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const { explain } = await import('../../../src/ui/messages/problems.ts');

const failure = (code: string, more: object) => Object.assign(new Error(code), { code, ...more });

describe('an error of the disk of this computer', () => {
  it('is told as one, not as one of the network', () => {
    const gone = (() => {
      try {
        return readFileSync('/nowhere/file');
      } catch (error) {
        return error;
      }
    })();
    assert.match(explain(gone), /^\/nowhere\/file is no longer on this computer/);
    assert.match(explain(failure('ENOSPC', { syscall: 'write' })), /disk of this computer is full/);
    assert.match(explain(failure('EACCES', { path: '/root/x', syscall: 'open' })), /access to \/root\/x/);
  });

  it('is no other', () => {
    for (const error of [
      failure('ENOENT', { path: 'az', syscall: 'spawn az' }),
      failure('EACCES', { syscall: 'connect' }),
      failure('ECONNREFUSED', { syscall: 'connect' }),
      new Error('something'),
      'text',
    ]) {
      assert.doesNotMatch(explain(error), /this computer/);
    }
  });
});
