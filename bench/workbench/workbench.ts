import { chromium, type Page } from '@playwright/test';
import type { Emulator } from '../../test/emulator/emulator.ts';
import { azureSettings } from '../../test/host/azureSettings.ts';
import { browserOptions } from '../../test/host/browser.ts';
import { startVsCodeServer } from '../../test/host/vscodeServer.ts';
import { Workbench } from '../../test/ui/workbench.ts';

/** How long anything but a flood may take, in milliseconds. */
const waitMs = 60_000;

/** How long a flood may take that is to be shown to its end, in milliseconds. */
const outputLimitMs = 180_000;

/** Opens the workbench with the extension of a folder in it, does some work in it, and closes it again. */
export async function inWorkbench<T>(
  extension: string,
  emulator: Emulator,
  work: (workbench: Workbench) => Promise<T>,
): Promise<T> {
  const { settings, env } = azureSettings(emulator);
  const server = await startVsCodeServer({
    extensionDevelopmentPath: extension,
    // Drawn as text, the terminal can be read.
    settings: { ...settings, 'terminal.integrated.gpuAcceleration': 'off' },
    env,
  });
  const browser = await chromium.launch(browserOptions());
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(waitMs);
    await page.goto(server.url());
    const workbench = new Workbench(page);
    await workbench.openView();
    return await work(workbench);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Opens a terminal in the container group `shop-web` that runs a command line. */
export async function openTerminal(workbench: Workbench, command: string): Promise<void> {
  await workbench.contextMenu(workbench.row(/^Container group shop-web, Running/), 'Exec with Command…');
  await workbench.page.locator('.quick-input-widget input[type=text]').fill(command);
  await workbench.page.getByRole('option', { name: command, exact: true }).click();
}

/** The time from the terminal's first output to the words about the session's end, in milliseconds, by the page's clock. */
export async function outputMs(page: Page): Promise<number> {
  const tookMs = await within(output(page), outputLimitMs);
  if (tookMs >= outputLimitMs) {
    throw new Error(`the terminal has not told the session's end within ${outputLimitMs / 1000} s`);
  }
  return tookMs;
}

function output(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let startedAt = 0;
        const look = (now: number) => {
          const rows = document.querySelector('.terminal-wrapper.active .xterm-rows');
          const text = (rows?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
          if (text !== '' && !text.includes('Connecting to')) {
            startedAt ||= now;
          }
          if (text.includes('Session ended.')) {
            resolve(now - startedAt);
          } else {
            requestAnimationFrame(look);
          }
        };
        requestAnimationFrame(look);
      }),
  );
}

/**
 * The time from Ctrl-C to the shell's prompt in the last row, in milliseconds, by the page's clock; `limitMs` when the
 * page has not shown it by then. Under a flood it may not even take the key.
 */
export function interruptMs(page: Page, limitMs: number): Promise<number> {
  return within(interrupt(page), limitMs);
}

async function interrupt(page: Page): Promise<number> {
  // The page has to listen before the key is pressed, so the promise stays there meanwhile.
  const prompt = await page.evaluateHandle(() => {
    const tookMs = new Promise<number>((resolve) => {
      const pressed = (event: KeyboardEvent) => {
        if (event.ctrlKey && event.key === 'c') {
          removeEventListener('keydown', pressed, true);
          look(event.timeStamp);
        }
      };
      const look = (pressedAt: number) => {
        const rows = [...document.querySelectorAll('.terminal-wrapper.active .xterm-rows > div')];
        const texts = rows.map((row) => row.textContent.replaceAll('\u00a0', ' ').trim());
        if (/SandboxHost.*[#$]$/.test(texts.filter((text) => text !== '').at(-1) ?? '')) {
          resolve(performance.now() - pressedAt);
        } else {
          requestAnimationFrame(() => look(pressedAt));
        }
      };
      addEventListener('keydown', pressed, true);
    });
    return { tookMs };
  });
  await page.keyboard.press('Control+c');
  return prompt.evaluate(({ tookMs }) => tookMs);
}

/** What comes of the work, or the limit when it has not come by then; what it throws later is of no interest. */
async function within(work: Promise<number>, limitMs: number): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<number>((resolve) => (timer = setTimeout(() => resolve(limitMs), limitMs)));
  work.catch(() => undefined);
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
