import { registerHooks } from 'node:module';

/** What stands in for the part of VS Code that words and settings need, so that plain Node can load them. */
const standIn = `
  export const settings = new Map();
  export const l10n = { t: (text, ...values) => text.replace(/\\{(\\d+)\\}/g, (_, index) => String(values[index])) };
  export const authentication = { getSession: () => Promise.resolve(undefined), getAccounts: () => Promise.resolve([]) };
  export const env = { language: 'en' };
  export const TerminalLocation = { Panel: 1, Editor: 2 };
  export const shown = [];
  const show = (surface, ...texts) => void shown.push(...texts.flat(2).filter((text) => text !== undefined).map((text) => [surface, text]));
  const none = () => ({ dispose: () => undefined });
  const textsOf = ({ label, description, detail }) => [label, description, detail];
  const message = (text, ...items) => {
    const [options] = items;
    show(options?.modal ? 'dialog' : 'notification', text, options?.detail?.split('\\n') ?? [], items.map((item) => item.title ?? item).filter((item) => typeof item === 'string'));
    return Promise.resolve(undefined);
  };
  export class Disposable { static from(...all) { return { dispose: () => all.forEach((each) => each.dispose()) }; } }
  export class EventEmitter {
    listeners = new Set();
    event = (listener) => { this.listeners.add(listener); return { dispose: () => this.listeners.delete(listener) }; };
    fire(value) { this.listeners.forEach((listener) => listener(value)); }
    dispose() { this.listeners.clear(); }
  }
  export class CancellationTokenSource {
    cancelled = new EventEmitter();
    token = { isCancellationRequested: false, onCancellationRequested: this.cancelled.event };
    cancel() { this.token.isCancellationRequested = true; this.cancelled.fire(); }
    dispose() { this.cancelled.dispose(); }
  }
  export class Range { constructor(...positions) { this.positions = positions; } }
  export class CodeLens { constructor(range, command) { Object.assign(this, { range, command }); } }
  export class Uri {
    static from(parts) { return Object.assign(new Uri(), parts); }
    static parse(text) { return Uri.from(JSON.parse(text)); }
    toString() { return JSON.stringify(this); }
  }
  export class FileSystemError extends Error {}
  for (const name of ['FileExists', 'FileIsADirectory', 'FileNotADirectory', 'FileNotFound', 'NoPermissions', 'Unavailable']) {
    FileSystemError[name] = (what) => Object.assign(new FileSystemError(String(what)), { name });
  }
  export const FileType = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 };
  export const FileChangeType = { Changed: 1, Created: 2, Deleted: 3 };
  export const languages = { registerCodeLensProvider: none, registerDocumentLinkProvider: none };
  export class ThemeIcon { constructor(id, color) { Object.assign(this, { id, color }); } }
  export class ThemeColor { constructor(id) { this.id = id; } }
  export class MarkdownString { constructor(value) { this.value = value; } }
  export class TreeItem { constructor(label, collapsibleState) { Object.assign(this, { label, collapsibleState }); } }
  export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
  export const ProgressLocation = { Notification: 15, Window: 10 };
  export const commands = { executeCommand: () => Promise.resolve(), getCommands: () => Promise.resolve([]) };
  export const window = {
    showErrorMessage: message,
    showWarningMessage: message,
    showInformationMessage: message,
    showQuickPick: (items, { title }) => { show('pick', title, items.map(textsOf)); return Promise.resolve(undefined); },
    createQuickPick: () => {
      const hidden = new EventEmitter();
      return {
        items: [], activeItems: [], selectedItems: [], onDidHide: hidden.event, onDidAccept: none, show: () => undefined, dispose: () => undefined,
        set busy(isBusy) { if (!isBusy) { show('pick', this.title, this.items.map(textsOf)); hidden.fire(); } },
      };
    },
    withProgress: (options, work) => { show('progress', options.title); return work({ report: () => undefined }, { onCancellationRequested: none }); },
    createTerminal: ({ name }) => { show('terminal name', name); return { show: () => undefined, dispose: () => undefined }; },
    createTreeView: () => ({
      visible: true, selection: [], onDidChangeVisibility: none, onDidExpandElement: none, onDidCollapseElement: none, dispose: () => undefined,
      set message(text) { show('view message', text); },
    }),
    showTextDocument: () => Promise.resolve(),
    onDidOpenTerminal: none,
    onDidCloseTerminal: none,
    onDidChangeActiveTerminal: none,
  };
  export const workspace = {
    get isTrusted() { return true; },
    registerFileSystemProvider: none,
    registerTextDocumentContentProvider: none,
    onDidCloseTextDocument: none,
    openTextDocument: (uri) => Promise.resolve({ uri }),
    onDidChangeConfiguration: none,
    getConfiguration: (section) => ({
      get: (name, fallback) => settings.get(section + '.' + name) ?? fallback,
      inspect: () => undefined,
    }),
  };
`;
const url = `data:text/javascript,${encodeURIComponent(standIn)}`;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode' ? { url, shortCircuit: true } : next(specifier, context),
});

export const {
  /** The values of settings by their whole names, as `settings.json` has them. */
  settings,
  /** All texts that were given to VS Code to show, and where. */
  shown,
} = (await import(url)) as {
  readonly settings: Map<string, unknown>;
  readonly shown: (readonly [surface: string, text: string])[];
}; // of the text above

export const { explain } = await import('../../src/ui/messages/problems.ts');
export const { Log } = await import('../../src/ui/log.ts');
export const { TerminalSession } = await import('../../src/ui/terminal/terminalSession.ts');
export const { PacedScreen } = await import('../../src/ui/terminal/pacedScreen.ts');
export const { parseTaskDefinition, TaskProblem } = await import('../../src/ui/tasks/taskDefinition.ts');
export const { connectTimeoutSeconds, keepAliveSeconds, scrollback, tabStopWidth } =
  await import('../../src/ui/settings.ts');
