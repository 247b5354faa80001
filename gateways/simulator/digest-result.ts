// The simulator's summaries of long tool results: the lines that speak of trouble, else the first ones, each as it is.

const most = 20
const trouble = /error|fail|fatal|warn|critical|denied|timeout|timed out|oom|panic|exceed|refused|full/i

/** @returns null when `task` asks for something else. */
export const digestOf = (task: string): string | null => {
  if (!task.startsWith('Sum up this tool result.')) return null
  const lines = (task.split(/^## Result$/m)[1] ?? '')
    .split('\n')
    .map((line) => line.trim().slice(0, 300))
    .filter((line) => line !== '' && !/^`{3,}$/.test(line))
  const telling = lines.filter((line) => trouble.test(line))
  const kept = (telling.length > 0 ? telling : lines).slice(0, most)
  return [`${kept.length} of ${lines.length} lines, chosen by the simulator:`, ...kept].join('\n')
}
