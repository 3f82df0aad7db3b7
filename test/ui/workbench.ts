import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test as base, expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { signInAzureCli } from '../emulator/azureCli.ts';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import type { Scenario } from '../emulator/scenario.ts';
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
      await expect(tab).toHaveAttribute('aria-selected', 'true', { timeout: 3_000 });
    }).toPass();
  }

  /** A row of the tree by the start of its accessible name. */
  row(name: string | RegExp): Locator {
    return this.page.getByRole('treeitem', { name });
  }

  async expand(row: Locator): Promise<void> {
    await row.click();
    await expect(row).toHaveAttribute('aria-expanded', 'true');
  }

  async contextMenu(row: Locator, item: string): Promise<void> {
    await this.page.mouse.move(0, 0); // the hover of another row may cover this one
    await row.click({ button: 'right' });
    await this.choose(item);
  }

  /** Chooses an item of the submenu Copy of a row. */
  async copy(row: Locator, item: string): Promise<void> {
    await row.click({ button: 'right' });
    const submenu = this.page.getByRole('menuitem', { name: 'Copy', exact: true });
    await submenu.hover();
    await expect(submenu).toBeFocused();
    await this.page.keyboard.press('ArrowRight');
    await this.choose(item);
  }

  /** Chooses an item of the menu that opens. */
  async choose(item: string): Promise<void> {
    const entry = this.page.getByRole('menuitem', { name: item, exact: true });
    await entry.hover();
    await expect(entry).toBeFocused();
    await this.page.keyboard.press('Enter'); // a menu takes no click in the moment it opens
    await expect(entry).toBeHidden();
  }

  /** Runs a command from the palette. */
  async runCommand(title: string): Promise<void> {
    const input = this.page.getByRole('textbox', { name: /Type the name of a command/ });
    await expect(async () => {
      // A quick pick that is just closing takes the palette with it.
      await this.page.keyboard.press('F1');
      await input.fill(`>${title}`, { timeout: 2_000 });
      await this.page
        .getByRole('option', { name: new RegExp(`^${title}`) })
        .first()
        .click({ timeout: 5_000 });
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
      await expect(lines.first()).toHaveText(/^\d+ \d+$/, { timeout: 2_000 });
      await expect(terminal).toContainText(/=[^=]*# /, { timeout: 2_000 });
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

  /** The tabs beside the panel's terminals; there are none beside a single one. */
  get tabs(): Locator {
    return this.page.locator('.tabs-list .monaco-list-row');
  }
}

/** What the stand-in Microsoft account was asked for. */
interface AccountCall {
  readonly call: 'createSession' | 'createSessionFromChallenges';
  readonly account?: string;
  readonly claims?: string;
}

interface WorkerFixtures {
  /** The value of `containerInstances.credential`; for `azureCli`, it is signed in. */
  readonly credential: 'environment' | 'vscode' | 'azureCli' | 'default';
  /** The world of the simulated Azure; the default scenario without it. */
  readonly scenario: Scenario | undefined;
  /** Environment variables of VS Code, besides those that lead to the simulated Azure. */
  readonly environment: Readonly<Record<string, string>>;
  readonly accountLog: string;
  /** The files of the folder that is open, by their paths in it; no folder is open without. */
  readonly files: Readonly<Record<string, string>> | undefined;
  /** Whether that folder is not trusted (Restricted Mode). */
  readonly isRestricted: boolean;
  /** Where terminals open: the value of `containerInstances.exec.location`. */
  readonly location: 'panel' | 'editor';
  /** A VSIX to install; without it the extension runs as it is built. */
  readonly vsix: string | undefined;
  readonly azure: Emulator;
  readonly vscode: VsCodeServer;
  /** The browser with what it has cached: VS Code's code is loaded and compiled once. */
  readonly profile: BrowserContext;
}

interface TestFixtures {
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

/** Forgets what the page has stored, so that the next test begins anew; what is cached stays. */
async function forget(page: Page): Promise<void> {
  const { origin } = new URL(page.url());
  await page.goto('about:blank'); // VS Code stores the last of it as it closes
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', {
    origin,
    storageTypes: 'cookies,indexeddb,local_storage,service_workers',
  });
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  azure: [
    async ({ scenario }, use) => {
      const emulator = await startEmulator(scenario === undefined ? {} : { scenario });
      await use(emulator);
      await emulator.close();
    },
    { scope: 'worker' },
  ],
  credential: ['environment', { scope: 'worker', option: true }],
  scenario: [undefined, { scope: 'worker', option: true }],
  location: ['panel', { scope: 'worker', option: true }],
  files: [undefined, { scope: 'worker', option: true }],
  isRestricted: [false, { scope: 'worker', option: true }],
  vsix: [undefined, { scope: 'worker', option: true }],
  environment: [{}, { scope: 'worker', option: true }],
  accountLog: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures' names from the pattern
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
  vscode: [
    async ({ azure, credential, environment, accountLog, location, files, isRestricted, vsix }, use) => {
      const folder = files === undefined ? undefined : await writeFolder(files);
      const { settings, env } = azureSettings(azure);
      const cli = credential === 'azureCli' ? await signInAzureCli(azure) : undefined;
      const server = await startVsCodeServer({
        isRestricted,
        ...(vsix === undefined ? { extensionDevelopmentPath: root } : { vsix }),
        ...(folder === undefined ? {} : { folder }),
        // Drawn as text, the terminal can be read.
        settings: {
          ...settings,
          'containerInstances.credential': credential,
          'containerInstances.exec.location': location,
          'terminal.integrated.gpuAcceleration': 'off',
        },
        env: { ...env, ...cli?.env, ACI_TEST_ACCOUNT_LOG: accountLog, ...environment },
        ...(credential === 'vscode' ? { installedExtension: path.join(import.meta.dirname, 'account') } : {}),
      });
      await use(server);
      await server.stop();
      for (const made of [cli?.folder, folder]) {
        if (made !== undefined) {
          await rm(made, { recursive: true, force: true });
        }
      }
    },
    { scope: 'worker' },
  ],
  profile: [
    async ({ browser }, use) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      await use(context);
      await context.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ profile }, use) => {
    const page = await profile.newPage();
    await use(page);
    await forget(page);
    await page.close();
  },
  workbench: async ({ page, vscode, azure }, use) => {
    azure.reset();
    await vscode.configure({});
    await page.goto(vscode.url);
    await expect(page.getByRole('tab', { name: 'Container Instances' }).first()).toBeVisible({
      timeout: 60_000,
    });
    await use(new Workbench(page));
  },
  launchOptions: [browserOptions(), { scope: 'worker' }],
});

export { expect };
