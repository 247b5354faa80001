// Names and command lines as one line of plain text: whoever starts a process or makes a file writes into a model's prompt.

/** Control characters, line and direction marks become spaces. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
