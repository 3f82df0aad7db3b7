/**
 * Whether an address that the service gave may be opened: never in clear text. It is opened as given, as host and path
 * differ between regions; one with a fragment the websocket library refuses with an error of its own.
 */
export function isSocketAddress(uri: string): boolean {
  return /^wss:\/\//i.test(uri) && URL.canParse(uri) && new URL(uri).hash === '';
}
