import type { Program, ProgramEvents } from './programs.ts';

/** What is past this many characters of one message never arrives (azure-sdk-for-js#6487). */
const inputLimit = 48;

const banner =
  'Microsoft Windows [Version 10.0.20348.2582]\r\n(c) Microsoft Corporation. All rights reserved.\r\n\r\n';
const prompt = 'C:\\>';

/** A small imitation of cmd.exe in a Windows container: line editing, a few commands, and the input limit. */
export class WindowsConsole implements Program {
  private readonly events: ProgramEvents;
  private line = '';
  private ended = false;

  constructor(events: ProgramEvents) {
    this.events = events;
    setImmediate(() => this.print(banner + prompt));
  }

  input(data: Buffer): void {
    for (const character of data.toString('utf8').slice(0, inputLimit)) {
      this.type(character);
    }
  }

  pause(): void {
    // so little output that nothing needs to wait
  }

  resume(): void {
    // see pause
  }

  kill(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }

  private type(character: string): void {
    if (character === '\r') {
      const line = this.line.trim();
      this.line = '';
      this.print('\r\n');
      this.run(line);
    } else if (character === '\b' || character === '\x7f') {
      if (this.line !== '') {
        this.line = this.line.slice(0, -1);
        this.print('\b \b');
      }
    } else if (character === '\x03') {
      this.line = '';
      this.print(`^C\r\n${prompt}`);
    } else if (character >= ' ') {
      this.line += character;
      this.print(character);
    }
  }

  private run(line: string): void {
    const [name = '', ...words] = line.split(' ');
    switch (name.toLowerCase()) {
      case '':
        break;
      case 'exit':
        this.ended = true;
        this.events.onExit();
        return;
      case 'echo':
        this.print(`${words.join(' ')}\r\n`);
        break;
      case 'ver':
        this.print('\r\nMicrosoft Windows [Version 10.0.20348.2582]\r\n');
        break;
      case 'set':
        this.print(
          'COMPUTERNAME=SANDBOXHOST-638\r\nOS=Windows_NT\r\nPROMPT=$P$G\r\nSystemDrive=C:\r\nUSERNAME=ContainerAdministrator\r\n',
        );
        break;
      case 'cls':
        this.print('\x1b[2J\x1b[H');
        break;
      case 'dir':
        this.print(
          ' Volume in drive C has no label.\r\n\r\n Directory of C:\\\r\n\r\n11/02/2026  09:14 AM    <DIR>          inetpub\r\n11/02/2026  09:14 AM    <DIR>          Windows\r\n               0 File(s)              0 bytes\r\n',
        );
        break;
      default:
        this.print(
          `'${name}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n`,
        );
    }
    this.print(`\r\n${prompt}`);
  }

  private print(text: string): void {
    if (!this.ended) {
      this.events.onOutput(Buffer.from(text));
    }
  }
}
