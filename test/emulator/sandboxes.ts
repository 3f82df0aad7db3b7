import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The host name that Azure's sandboxes show in a prompt, its number made up. */
export const hostName = 'SandboxHost-638000000000000000';

// The working folder is shown as if the home were the file system's root, which it is for the session.
const bashrc = `PS1='\\[\\e]0;\\w\\a\\]root@${hostName}:$(at=\${PWD#"$HOME"}; echo "\${at:-/}")# '
`;

/** The homes of the containers: a folder each, which lives as long as the emulator's groups. */
export class Sandboxes {
  private root: string | undefined;
  private readonly homes = new Map<string, string>();

  /** The home of a container; every session of it sees the same one. */
  home(groupId: string, container: string): string {
    const key = `${groupId}/containers/${container}`;
    const known = this.homes.get(key);
    if (known !== undefined) {
      return known;
    }
    this.root ??= mkdtempSync(path.join(os.tmpdir(), 'containers-'));
    const home = path.join(this.root, String(this.homes.size));
    mkdirSync(home);
    writeFileSync(path.join(home, '.bashrc'), bashrc);
    writeFileSync(path.join(home, '.bash_profile'), '. ~/.bashrc\n');
    this.homes.set(key, home);
    return home;
  }

  close(): void {
    if (this.root !== undefined) {
      rmSync(this.root, { recursive: true, force: true });
    }
  }
}
