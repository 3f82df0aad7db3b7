/** How a shell reads a line: as `sh`, PowerShell or `cmd.exe` does. */
export type ShellSyntax = 'posix' | 'powershell' | 'cmd';

/** The syntax of the shell at a path such as VS Code's `env.shell`; without one, that of the platform's own. */
export function shellSyntax(shell: string, platform: NodeJS.Platform): ShellSyntax {
  const [, name = ''] = /([^\\/]*?)(?:\.exe)?$/i.exec(shell.toLowerCase()) ?? [];
  if (name === 'cmd' || name === 'pwsh' || name === 'powershell') {
    return name === 'cmd' ? 'cmd' : 'powershell';
  }
  return name === '' && platform === 'win32' ? 'powershell' : 'posix';
}

/** A line that gives a program these arguments, quoted where that is needed. */
export function quoteArguments(words: readonly string[], syntax: ShellSyntax): string {
  return words.map((word) => (/^[\w./:-]+$/.test(word) ? word : quote(word, syntax))).join(' ');
}

function quote(word: string, syntax: ShellSyntax): string {
  switch (syntax) {
    case 'posix':
      return `'${word.replaceAll("'", String.raw`'\''`)}'`;
    case 'powershell':
      // Typographic quotes end a text too; each is doubled.
      return `'${word.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
    case 'cmd':
      // Programs read "" as a quote, and cmd.exe as the end and the start of one: nothing in between is a command.
      return `"${word
        .replace(/(\\*)"/g, '$1$1""')
        .replace(/\\+$/, '$&$&')
        .replace(/[\r\n]+/g, ' ')}"`;
  }
}
