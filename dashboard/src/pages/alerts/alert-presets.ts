// An alert as each source would send it, to begin with.
export interface AlertPreset {
  readonly name: string
  readonly path: '/v1/alerts' | '/v1/webhooks/alertmanager' | '/v1/webhooks/pagerduty' | '/v1/webhooks/cloudevents'
  readonly contentType: string
  readonly body: (now: string) => object
}

const json = 'application/json'

const alertmanager = (status: 'firing' | 'resolved') => (now: string) => ({
  version: '4',
  status,
  receiver: 'casebook',
  groupKey: '{}:{alertname="DiskFull"}',
  groupLabels: { alertname: 'DiskFull' },
  commonLabels: { alertname: 'DiskFull' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example',
  truncatedAlerts: 0,
  alerts: [
    {
      status,
      labels: { alertname: 'DiskFull', severity: 'critical', service: 'checkout', instance: 'node-1:9100' },
      annotations: { summary: 'Disk of node-1 is full', description: 'Only 2 % are left.' },
      startsAt: now,
      endsAt: status === 'resolved' ? now : '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example/graph',
      fingerprint: 'c1f6d3a1b2e4f501',
    },
  ],
})

export const alertPresets: readonly AlertPreset[] = [
  {
    name: "Casebook's own",
    path: '/v1/alerts',
    contentType: json,
    body: () => ({
      title: 'Disk of db-1 is 97 % full',
      severity: 'critical',
      description: 'Filesystem /var is at 97 %.',
      labels: { host: 'db-1', team: 'infra' },
      fingerprint: 'disk-db-1',
    }),
  },
  { name: 'Alertmanager', path: '/v1/webhooks/alertmanager', contentType: json, body: alertmanager('firing') },
  {
    name: 'Alertmanager, resolved',
    path: '/v1/webhooks/alertmanager',
    contentType: json,
    body: alertmanager('resolved'),
  },
  {
    name: 'Grafana',
    path: '/v1/webhooks/alertmanager',
    contentType: json,
    body: (now) => ({
      version: '1',
      status: 'firing',
      receiver: 'casebook',
      orgId: 1,
      state: 'alerting',
      title: '[FIRING:1] Latency',
      message: 'Latency is high',
      groupKey: '{}/{}:{}',
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: 'http://grafana.example/',
      truncatedAlerts: 0,
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'Latency', grafana_folder: 'shop', severity: 'warning' },
          annotations: { summary: 'The 99th percentile is above 2 s' },
          startsAt: now,
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'http://grafana.example/alerting/1',
          fingerprint: '57c6d9296de2ad39',
          dashboardURL: 'http://grafana.example/d/1',
          values: { A: 2.4 },
          valueString: "[ var='A' value=2.4 ]",
        },
      ],
    }),
  },
  {
    name: 'PagerDuty',
    path: '/v1/webhooks/pagerduty',
    contentType: json,
    body: (now) => ({
      event: {
        id: `01${Date.parse(now)}`,
        event_type: 'incident.triggered',
        resource_type: 'incident',
        occurred_at: now,
        data: {
          id: 'PINC7',
          type: 'incident',
          html_url: 'https://shop.pagerduty.example/incidents/PINC7',
          number: 42,
          status: 'triggered',
          incident_key: 'checkout/payments',
          created_at: now,
          title: 'Payments are refused',
          service: { id: 'PSVC1', type: 'service_reference', summary: 'checkout' },
          teams: [{ id: 'PTEAM1', type: 'team_reference', summary: 'shop' }],
          priority: { id: 'PPRI1', type: 'priority_reference', summary: 'P1' },
          urgency: 'high',
        },
      },
    }),
  },
  {
    name: 'CloudEvent',
    path: '/v1/webhooks/cloudevents',
    contentType: 'application/cloudevents+json',
    body: (now) => ({
      specversion: '1.0',
      id: `event-${Date.parse(now)}`,
      source: '/monitoring/eu',
      type: 'com.example.alert.fired',
      subject: 'checkout/latency',
      time: now,
      datacontenttype: json,
      data: { title: 'Latency of checkout', severity: 'warning', service: 'checkout', labels: { team: 'shop' } },
    }),
  },
]
