import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ScenarioContainer } from './scenario.ts';
import { fillRoot } from './rootFolders.ts';

/** The host name that Azure's sandboxes show in a prompt, its number made up. */
export const hostName = 'SandboxHost-638000000000000000';

// The working folder is shown as if the home were the file system's root, which it is for the session.
const bashrc = `PS1='\\[\\e]0;\\w\\a\\]root@${hostName}:$(at=\${PWD#"$HOME"}; echo "\${at:-/}")# '
`;

/** Where the programs of a container run. */
export interface Sandbox {
  /** The home folder, as they see it. */
  readonly home: string;
  /** The folder that is their file system's root; this machine's root without it. */
  readonly root?: string;
}

/** The folders of the containers, which live as long as the emulator. */
export class Sandboxes {
  private folder: string | undefined;
  private readonly made = new Map<string, Sandbox>();

  /** The sandbox of a container; every session of it sees the same one. */
  of(groupId: string, { name, root }: ScenarioContainer): Sandbox {
    const key = `${groupId}/containers/${name}`;
    const known = this.made.get(key);
    if (known !== undefined) {
      return known;
    }
    this.folder ??= mkdtempSync(path.join(os.tmpdir(), 'containers-'));
    const own = path.join(this.folder, String(this.made.size));
    mkdirSync(own);
    if (root === undefined) {
      writeFileSync(path.join(own, '.bashrc'), bashrc);
      writeFileSync(path.join(own, '.bash_profile'), '. ~/.bashrc\n');
    } else {
      fillRoot(own, root);
    }
    const sandbox = root === undefined ? { home: own } : { home: '/root', root: own };
    this.made.set(key, sandbox);
    return sandbox;
  }

  /** The root folder of a container that has one of its own and has been used. */
  rootOf(groupId: string, container: string): string | undefined {
    return this.made.get(`${groupId}/containers/${container}`)?.root;
  }

  close(): void {
    if (this.folder !== undefined) {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
