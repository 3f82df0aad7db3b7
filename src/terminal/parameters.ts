/** A parameter of a control sequence: its number, or with subparameters all of their numbers. */
export type Parameter = number | readonly number[];

/** What an empty subparameter reads as; an empty parameter reads as 0. */
export const absent = -1;

/** How many parameters xterm.js reads of a sequence, and how many subparameters in all. */
const maxCount = 32;

/** The largest number that it reads. */
const maxNumber = 0x7fff_ffff;

const digit0 = 0x30;
const digit9 = 0x39;
const colon = 0x3a;
const semicolon = 0x3b;

/** The number of a parameter, whatever its subparameters are. */
export function numberOf(parameter: Parameter): number {
  return typeof parameter === 'number' ? parameter : (parameter[0] ?? 0);
}

/** Reads the parameters up to `end` as xterm.js does; none where there is anything else among them. */
export function parametersOf(text: string, end = text.length): readonly Parameter[] {
  const parameters: Parameter[] = [];
  let number = 0;
  let group: number[] | undefined; // of a parameter with subparameters
  let left = maxCount;
  for (let index = 0; index <= end; index++) {
    const code = index < end ? text.charCodeAt(index) : semicolon;
    if (code >= digit0 && code <= digit9) {
      number = Math.min(Math.max(0, number) * 10 + code - digit0, maxNumber);
    } else if (code === colon || code === semicolon) {
      if (group !== undefined && left > 0) {
        group.push(number);
        left--;
      }
      if (code === colon) {
        group ??= [number];
        number = absent;
      } else {
        parameters.push(group ?? number);
        group = undefined;
        number = 0;
      }
    } else {
      return [];
    }
  }
  return parameters.length > maxCount ? parameters.slice(0, maxCount) : parameters;
}
