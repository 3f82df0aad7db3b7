import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportsMissingCommand, shellCandidates } from '../../../src/exec/shellFallback.ts';

describe('reportsMissingCommand', () => {
  it('knows the words of the service (azure-cli#8687)', () => {
    assert.ok(
      reportsMissingCommand(
        'rpc error: code = 2 desc = oci runtime error: exec failed: container_linux.go:247: starting container process caused "exec: \\"/bin/bash\\": executable file not found in $PATH"\r\n',
      ),
    );
  });

  it('does not take a program that says the same for one', () => {
    assert.equal(reportsMissingCommand('root@box:/# cat x\r\ncat: x: No such file or directory\r\n'), false);
    assert.equal(reportsMissingCommand('ls: x: No such file or directory\r\n'), false);
  });
});

describe('shellCandidates', () => {
  it('tries what worked first, and only what is configured', () => {
    assert.deepEqual(shellCandidates(['/bin/bash', '/bin/sh'], '/bin/sh'), ['/bin/sh', '/bin/bash']);
    assert.deepEqual(shellCandidates(['/bin/bash'], '/bin/zsh'), ['/bin/bash']);
  });
});
