// The demo's alert: true facts of the machine it runs on, in the shape Alertmanager sends.
import { randomBytes } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { availableParallelism, freemem, hostname, loadavg, totalmem } from 'node:os'

/** Each is an alert of its own, so that every demo opens a session. */
export const sampleAlert = async (now: Date): Promise<object> => {
  const host = hostname()
  const [load = 0] = loadavg()
  const memory = percent(1 - freemem() / totalmem())
  // Not every file system tells; the alert then goes without.
  const disk = await statfs('/').catch(() => null)
  const diskText =
    disk === null || disk.blocks === 0 ? '' : ` The disk at / is ${percent(1 - disk.bavail / disk.blocks)} full.`
  const labels = { alertname: 'HostCheck', severity: 'info', instance: host }
  return {
    version: '4',
    groupKey: `{}:{alertname="HostCheck", instance="${host}"}`,
    status: 'firing',
    receiver: 'casebook',
    groupLabels: { alertname: labels.alertname },
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: '',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations: {
          summary: `Check of ${host}: load, memory and disk space`,
          description:
            `Load is ${load.toFixed(2)} on ${availableParallelism()} CPUs, ${memory} of the memory is in use.${diskText} ` +
            'Find out what uses the CPU, the memory and the disk space of this host, and whether anybody needs to act.',
        },
        startsAt: now.toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: '',
        fingerprint: randomBytes(8).toString('hex'),
      },
    ],
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`
