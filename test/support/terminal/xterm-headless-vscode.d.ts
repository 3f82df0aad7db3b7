/** Another version of the same package, whose own types name only `@xterm/headless`. */
declare module 'xterm-headless-vscode' {
  export * from '@xterm/headless';
}
