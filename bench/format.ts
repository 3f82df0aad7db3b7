export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}

export function times(ratio: number): string {
  return `${ratio.toFixed(2)}×`;
}

export function perSecond(value: number): string {
  return `${value < 100 ? value.toFixed(1) : value.toFixed(0)} MB/s`;
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1e3).toFixed(0)} KB`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
