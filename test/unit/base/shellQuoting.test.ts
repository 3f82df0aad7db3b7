import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { quoteArguments, shellSyntax } from '../../../src/base/shellQuoting.ts';

const word = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    "it's",
    '"',
    '$(id)',
    '`id`',
    '\\',
    '!x',
    '~',
    '*',
    '-',
    '',
    ' ',
    '\n',
    '%PATH%',
    '&',
    "''",
  ),
);

describe('quoteArguments', () => {
  it('for a POSIX shell: a real sh gives the arguments back', () => {
    const list = fc.array(
      word.map((text) => text.replaceAll('\0', '')),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(list, (words) => {
        const line = `for word in ${quoteArguments(words, 'posix')}; do printf '%s\\0' "$word"; done`;
        const given = execFileSync('/bin/sh', ['-c', line]).toString();
        assert.deepEqual(given.split('\0').slice(0, -1), words);
      }),
      { numRuns: 50 },
    );
  });

  it('for PowerShell: each text is one, with its quotes doubled', () => {
    fc.assert(
      fc.property(word, (text) => {
        const quoted = quoteArguments([text], 'powershell');
        const inner = /^'([^]*)'$/.exec(quoted)?.[1] ?? quoted;
        assert.equal(inner.replace(/(['\u2018-\u201b])\1/g, '$1'), text);
        assert.doesNotMatch(inner.replace(/(['\u2018-\u201b])\1/g, ''), /['\u2018-\u201b]/);
      }),
    );
  });

  it('for cmd.exe: as the C runtime of the program takes it apart', () => {
    assert.equal(
      quoteArguments(['az', 'a b', 'a"b', 'a\\b c\\', '(x)&y'], 'cmd'),
      'az "a b" "a""b" "a\\b c\\\\" "(x)&y"',
    );
  });

  it('for cmd.exe: nothing stands outside of the quotes', () => {
    fc.assert(
      fc.property(word, (text) => {
        const outside = quoteArguments([text], 'cmd').replace(/"[^"]*"/g, '');
        assert.match(outside, /^[\w./:-]*$/);
      }),
    );
  });

  it('leaves plain words alone', () => {
    const plain = ['az', 'container', '-g', 'rg-shop', '/bin/sh', '1.5'];
    for (const syntax of ['posix', 'powershell', 'cmd'] as const) {
      assert.equal(quoteArguments(plain, syntax), plain.join(' '));
    }
  });
});

describe('shellSyntax', () => {
  it("goes by the shell's name, else by the platform", () => {
    for (const [shell, platform, syntax] of [
      ['/bin/bash', 'linux', 'posix'],
      ['/usr/bin/pwsh', 'linux', 'powershell'],
      ['C:\\Windows\\System32\\cmd.exe', 'win32', 'cmd'],
      ['C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', 'win32', 'powershell'],
      ['C:\\Program Files\\Git\\bin\\bash.exe', 'win32', 'posix'],
      ['', 'win32', 'powershell'],
      ['', 'linux', 'posix'],
    ] as const) {
      assert.equal(shellSyntax(shell, platform), syntax, shell);
    }
  });
});
