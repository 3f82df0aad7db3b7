// Where the programs are that the tests drive; plain JavaScript, as the set-up runs before anything is installed.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/**
 * A program's path, or undefined when it is not on PATH.
 * @param {string} name
 * @returns {string | undefined}
 */
export function onPath(name) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false; // accessSync tells "no" by throwing
      }
    });
}

/**
 * A Chromium to draw the workbench with: `CHROMIUM_PATH`, or one on PATH.
 * @returns {string | undefined}
 */
export function chromiumPath() {
  return (
    process.env.CHROMIUM_PATH ??
    ['chromium', 'chromium-browser', 'google-chrome', 'microsoft-edge']
      .map(onPath)
      .find((file) => file !== undefined)
  );
}

/**
 * The desktop VS Code, where there is a screen for it: in a remote terminal `code` is on PATH too.
 * @returns {string | undefined}
 */
export function desktopVsCode() {
  const hasScreen = process.platform !== 'linux' || process.env.DISPLAY !== undefined;
  return hasScreen ? onPath('code') : undefined;
}
