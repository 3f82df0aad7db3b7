import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  test as base,
  chromium,
  expect,
  type BrowserContext,
  type Locator,
  type Page,
} from '@playwright/test';
import { signInAzureCli } from '../emulator/azureCli.ts';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { defaultScenario, readScenario, type Scenario } from '../emulator/scenario.ts';
import { azureSettings } from '../host/azureSettings.ts';
import { browserOptions } from '../host/browser.ts';
import { startVsCodeServer, type VsCodeServer } from '../host/vscodeServer.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** The workbench as a person uses it: by what is on the screen. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the view by its icon in the activity bar. */
  async openView(): Promise<void> {
    const tab = this.page.getByRole('tab', { name: 'Container Instances' }).first();
    await expect(async () => {
      // A workbench that is just coming up may show its own view over the one that was clicked.
      if ((await tab.getAttribute('aria-selected')) !== 'true') {
        await tab.click();
      }
      await expect(tab).toHaveAttribute('aria-selected', 'true', { timeout: 6_000 });
    }).toPass();
  }

  /** A row of the tree by the start of its accessible name. */
  row(name: string | RegExp): Locator {
    return this.page.getByRole('treeitem', { name });
  }

  async expand(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) !== 'true') {
      await row.click();
    }
    await expect(row).toHaveAttribute('aria-expanded', 'true');
  }

  /** Chooses an item of a row's menu; the titles before the last one are those of submenus. */
  async contextMenu(row: Locator, ...titles: readonly [string, ...string[]]): Promise<void> {
    await this.choose(
      async () => {
        await this.page.mouse.move(0, 0); // the hover of another row may cover this one
        await row.click({ button: 'right', timeout: 6_000 });
      },
      ...titles,
    );
  }

  /** Chooses an item of the menu that opens. */
  async choose(open: () => Promise<void>, ...titles: readonly [string, ...string[]]): Promise<void> {
    const item = (name: string) => this.page.getByRole('menuitem', { name, exact: true });
    const last = item(titles.at(-1) ?? titles[0]);
    const pointAt = async (entry: Locator) => {
      await entry.hover({ timeout: 6_000 });
      await expect(entry).toBeFocused({ timeout: 6_000 });
    };
    await expect(async () => {
      try {
        await open();
        for (const title of titles.slice(0, -1)) {
          await pointAt(item(title));
          await this.page.keyboard.press('ArrowRight');
        }
        await pointAt(last);
      } catch (error) {
        await this.page.keyboard.press('Escape'); // a menu goes when something else takes the focus
        throw error;
      }
    }).toPass();
    await this.page.keyboard.press('Enter'); // a menu takes no click in the moment it opens
    await expect(last).toBeHidden();
  }

  /** Runs a command from the palette. */
  async runCommand(title: string): Promise<void> {
    const input = this.page.getByRole('textbox', { name: /Type the name of a command/ });
    await expect(async () => {
      // A quick pick that is just closing takes the palette with it.
      await this.page.keyboard.press('F1');
      await input.fill(`>${title}`, { timeout: 6_000 });
      await this.page
        .getByRole('option', { name: new RegExp(`^${title}`) })
        .first()
        .click({ timeout: 10_000 });
    }).toPass();
  }

  /** The visible terminal's rows as text. */
  get terminal(): Locator {
    return this.page.locator('.terminal-wrapper.active .xterm-rows');
  }

  /** The rows of each terminal that can be seen, from left to right and from top to bottom. */
  get terminals(): Locator {
    return this.page.locator('.terminal-wrapper.active .xterm-rows:visible');
  }

  async type(text: string, terminal = this.terminal): Promise<void> {
    await terminal.locator('xpath=ancestor::*[contains(@class, "terminal-wrapper")]//textarea').focus();
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press('Enter');
  }

  /** The size that the shell has is the one on the screen. */
  async expectOwnSize(terminal = this.terminal): Promise<void> {
    const lines = terminal.locator('> div');
    await expect(async () => {
      // A text longer than a line wraps at the terminal's last column.
      await this.type("clear; stty size; printf '=%.0s' $(seq 160); echo", terminal);
      await expect(lines.first()).toHaveText(/^\d+ \d+$/, { timeout: 6_000 });
      await expect(terminal).toContainText(/=[^=]*# /, { timeout: 6_000 });
      const [rows, columns] = (await lines.first().innerText()).split(' ').map(Number);
      expect(rows).toBe(await lines.count());
      expect(columns).toBe((await lines.nth(1).innerText()).length);
    }).toPass();
  }

  /** Drags the upper edge of the panel, as a person does: in steps. */
  async dragPanel(by: number): Promise<void> {
    const { page } = this;
    const panel = await page.locator('.part.panel').boundingBox();
    if (panel === null) {
      throw new Error('the panel is not visible');
    }
    const x = panel.x + panel.width / 2;
    await page.mouse.move(x, panel.y - 3); // the sash between editors and panel
    await page.mouse.down();
    await page.mouse.move(x, panel.y + by, { steps: 10 });
    await page.mouse.up();
  }

  /** Everything that VS Code keeps in the browser, where it keeps the state of extensions. */
  stored(): Promise<string> {
    return this.page.evaluate(async () => {
      const wait = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error ?? new Error('no reason'));
        });
      const kept: unknown[] = [Object.entries(localStorage)];
      for (const { name = '' } of await indexedDB.databases()) {
        const database = await wait(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
          kept.push(await wait(database.transaction(store).objectStore(store).getAll()));
        }
        database.close();
      }
      return JSON.stringify(kept);
    });
  }

  /** Closes what a test has left open. */
  async tidy(): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.page.keyboard.press('Escape');
    await this.runCommand('View: Close All Editors');
    await this.runCommand('Terminal: Kill All Terminals');
    await expect(this.page.locator('.terminal-wrapper')).toHaveCount(0);
  }

  /** From now on, what the page would open in another window is only written down here. */
  async openedAddresses(): Promise<() => Promise<readonly string[]>> {
    const { page } = this;
    const addresses = await page.evaluateHandle(() => {
      const opened: string[] = [];
      window.open = (address) => {
        opened.push(String(address));
        return window; // VS Code takes nothing for a blocked window
      };
      return opened;
    });
    return async () => {
      const open = page.getByRole('button', { name: 'Open', exact: true });
      if (await open.isVisible()) {
        await open.click(); // of the question whether the host is trusted
      }
      return addresses.jsonValue();
    };
  }

  /**
   * Waits until VS Code has said a text to a screen reader since `forgetMessages`: driven by a test, it does so in place of
   * showing a notification. The next message takes the place of one, so all are written down as they come.
   */
  async expectMessage(text: string | RegExp, timeout?: number): Promise<void> {
    const options = {
      message: `a message with ${String(text)}`,
      ...(timeout === undefined ? {} : { timeout }),
    };
    const isThere = (message: string) =>
      typeof text === 'string' ? message.includes(text) : text.test(message);
    await expect.poll(() => this.messages().then((said) => said.filter(isThere)), options).not.toEqual([]);
  }

  /** What VS Code has said since `forgetMessages`. */
  messages(): Promise<readonly string[]> {
    return this.page.evaluate(() => (window as unknown as MessagesWindow).messages); // of `recordMessages`
  }

  async forgetMessages(): Promise<void> {
    await this.page.evaluate(() => (window as unknown as MessagesWindow).messages.splice(0)); // as above
  }

  /** The tabs beside the panel's terminals; there are none beside a single one. */
  get tabs(): Locator {
    return this.page.locator('.tabs-list .monaco-list-row');
  }
}

interface MessagesWindow {
  readonly messages: string[];
}

/** Runs in a page before all else: writes down each text of VS Code for a screen reader. */
function recordMessages(): void {
  const messages: string[] = [];
  (window as unknown as { messages: string[] }).messages = messages; // the window is the page's own
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const alert = target instanceof Element ? target.closest('.monaco-aria-container [role=alert]') : null;
      const text = alert?.textContent ?? '';
      if (text !== '') {
        messages.push(text);
      }
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/** What the stand-in Microsoft account was asked for. */
interface AccountCall {
  readonly call: 'createSession' | 'createSessionFromChallenges';
  readonly account?: string;
  readonly claims?: string;
}

/** The workbench that a test has left to the next one of its file. */
interface LeftWorkbench {
  page?: Page;
  file?: string;
}

/** What a VS Code server of its own is needed for: all else is chosen by test, which costs nothing. */
interface WorkerFixtures {
  /** Whether the Azure CLI is signed in. */
  readonly hasAzureCli: boolean;
  /** Environment variables of VS Code, besides those that lead to the simulated Azure. */
  readonly environment: Readonly<Record<string, string>>;
  readonly accountLog: string;
  /** Whether folders are not trusted (Restricted Mode). */
  readonly isRestricted: boolean;
  /** A VSIX to install; without it the extension runs as it is built. */
  readonly vsix: string | undefined;
  readonly emulator: Emulator;
  readonly server: VsCodeServer;
  /** The browser with what it has cached: VS Code's code is loaded and compiled once. */
  readonly profile: BrowserContext;
  readonly left: LeftWorkbench;
}

interface TestFixtures {
  /** The world of the simulated Azure; the default scenario without it. */
  readonly scenario: Scenario | undefined;
  /** The value of `containerInstances.credential`. */
  readonly credential: 'environment' | 'vscode';
  /** Where terminals open: the value of `containerInstances.exec.location`. */
  readonly location: 'panel' | 'editor';
  /** Whether a test goes on in the workbench of the one before it in its file: to load one takes longer than most tests. */
  readonly goesOn: boolean;
  /** The files of the folder that is open, by their paths in it; a workspace's file among them is opened in its place. */
  readonly files: Readonly<Record<string, string>> | undefined;
  readonly azure: Emulator;
  readonly vscode: Pick<VsCodeServer, 'configure' | 'written'>;
  readonly workbench: Workbench;
  /** Reads what the stand-in Microsoft account was asked for in this test. */
  readonly accountCalls: () => Promise<readonly AccountCall[]>;
}

/** A folder with these files. */
async function writeFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'folder-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** Resolves when Azure is asked for nothing more: the rows of a tree that is drawn anew take no command. */
async function untilQuiet(azure: Emulator): Promise<void> {
  let before = -1;
  await expect
    .poll(
      () => {
        const { length } = azure.requests;
        const isQuiet = length === before;
        before = length;
        return isQuiet;
      },
      { intervals: [500] },
    )
    .toBe(true);
}

/** What a workbench opens of a folder. */
function placeIn(folder: string | undefined, files: TestFixtures['files'] = {}): string | undefined {
  const workspace = Object.keys(files).find((name) => name.endsWith('.code-workspace'));
  return folder === undefined || workspace === undefined ? folder : path.join(folder, workspace);
}

/** Forgets what the page has stored, so that the next test begins anew; what is cached stays. */
async function forget(page: Page): Promise<void> {
  const { origin } = new URL(page.url());
  const others = page.context().pages().slice(1); // its first one is the browser's own
  await Promise.all(others.filter((other) => other !== page).map((other) => other.close()));
  await page.goto('about:blank'); // VS Code stores the last of it as it closes
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', {
    origin,
    storageTypes: 'cookies,indexeddb,local_storage,service_workers',
  });
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  emulator: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures' names from the pattern
    async ({}, use) => {
      const emulator = await startEmulator();
      await use(emulator);
      await emulator.close();
    },
    { scope: 'worker' },
  ],
  hasAzureCli: [false, { scope: 'worker', option: true }],
  isRestricted: [false, { scope: 'worker', option: true }],
  vsix: [undefined, { scope: 'worker', option: true }],
  environment: [{}, { scope: 'worker', option: true }],
  scenario: [undefined, { option: true }],
  credential: ['environment', { option: true }],
  location: ['panel', { option: true }],
  files: [undefined, { option: true }],
  goesOn: [false, { option: true }],
  accountLog: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'account-'));
      await use(path.join(folder, 'calls'));
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  accountCalls: async ({ accountLog }, use) => {
    await rm(accountLog, { force: true });
    await use(async () => {
      const lines = (await readFile(accountLog, 'utf8')).split('\n').filter(Boolean);
      return lines.map((line) => JSON.parse(line) as AccountCall); // the stand-in account's own words
    });
  },
  server: [
    async ({ emulator, hasAzureCli, environment, accountLog, isRestricted, vsix }, use) => {
      const { settings, env } = azureSettings(emulator);
      const cli = hasAzureCli ? await signInAzureCli(emulator) : undefined;
      const server = await startVsCodeServer({
        isRestricted,
        ...(vsix === undefined ? { extensionDevelopmentPath: root } : { vsix }),
        // Drawn as text, the terminal can be read.
        settings: { ...settings, 'terminal.integrated.gpuAcceleration': 'off' },
        env: { ...env, ...cli?.env, ACI_TEST_ACCOUNT_LOG: accountLog, ...environment },
        installedExtension: path.join(import.meta.dirname, 'account'),
      });
      await use(server);
      await server.stop();
      if (cli !== undefined) {
        await rm(cli.folder, { recursive: true, force: true });
      }
    },
    { scope: 'worker' },
  ],
  profile: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      // Only a browser with a folder of its own keeps compiled code.
      const folder = await mkdtemp(path.join(os.tmpdir(), 'profile-'));
      const viewport = { width: 1280, height: 800 };
      const context = await chromium.launchPersistentContext(folder, {
        ...browserOptions(),
        viewport,
        reducedMotion: 'reduce',
      });
      await context.addInitScript(recordMessages);
      await use(context);
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  // eslint-disable-next-line no-empty-pattern -- as above
  left: [async ({}, use) => use({}), { scope: 'worker' }],
  page: async ({ profile, server, emulator, scenario, goesOn, left }, use, { file }) => {
    if (left.page !== undefined && goesOn && left.file === file) {
      await new Workbench(left.page).tidy();
    } else if (left.page !== undefined) {
      await forget(left.page);
      await server.forget();
      await left.page.close();
      delete left.page;
    }
    // After all that a workbench asks for as it closes what it has open.
    emulator.reset(scenario ?? readScenario(defaultScenario));
    left.page ??= await profile.newPage();
    left.file = file;
    await use(left.page);
  },
  azure: ({ emulator }, use) => use(emulator),
  vscode: [
    async ({ server, credential, location }, use) => {
      const own = {
        'containerInstances.credential': credential,
        'containerInstances.exec.location': location,
      };
      const configure = (settings: Readonly<Record<string, unknown>>) =>
        server.configure({ ...own, ...settings });
      await configure({});
      await use({ configure, written: () => server.written() });
    },
    { auto: true },
  ],
  workbench: async ({ page, server, azure, files }, use) => {
    const folder = files === undefined ? undefined : await writeFolder(files);
    const workbench = new Workbench(page);
    if (page.url() === 'about:blank') {
      await page.goto(server.url(placeIn(folder, files)));
      await expect(page.getByRole('tab', { name: 'Container Instances' }).first()).toBeVisible();
    } else {
      await workbench.runCommand('Container Instances: Refresh');
      await untilQuiet(azure);
      await workbench.forgetMessages();
    }
    await use(workbench);
    if (folder !== undefined) {
      await page.goto('about:blank');
      await rm(folder, { recursive: true });
    }
  },
});

export { expect };
