// The simulator's executive summaries: up to three sentences, each taken from the report.

/** `task` is the message that holds the report. */
export const writeSummary = (task: string): string => {
  const report = task.split(/^# Report$/m)[1] ?? task
  const own = [sectionOf(report, 'Summary'), sectionOf(report, 'Likely cause')].map(firstSentence)
  const taken = own.filter((sentence) => sentence !== '')
  const text = taken.length > 0 ? taken.join(' ') : firstSentence(plain(report))
  return `${text === '' ? 'The report is empty.' : text} Written by the simulator.`
}

const sectionOf = (report: string, heading: string): string =>
  plain(new RegExp(`^## ${heading}\\s+([^\\n]+)`, 'm').exec(report)?.[1] ?? '')

const plain = (markdown: string): string =>
  markdown
    .replace(/^#.*$/gm, '')
    .replace(/[*`>]|(?<!\w)_+|_+(?!\w)/g, '')
    .replace(/\s+/g, ' ')
    .trim()

const firstSentence = (text: string): string => {
  const sentence = (/^.*?[.!?](?= [A-Z"]|$)/.exec(text)?.[0] ?? text).slice(0, 400).trim()
  return sentence === '' || /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
