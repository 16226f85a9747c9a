import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export const registry = new Registry()
collectDefaultMetrics({ register: registry })

/** Prometheus metrics of this process, declared in one place so that names stay unique and documented. */
export const metrics = {
  callbacks: new Counter({
    name: 'siyu_callbacks_total',
    help: 'Callbacks received, by result',
    labelNames: ['result'],
    registers: [registry],
  }),
  callbackAckSeconds: new Histogram({
    name: 'siyu_callback_ack_seconds',
    help: 'Time from a callback’s arrival to its acknowledgement',
    registers: [registry],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
  }),
  callbacksDone: new Counter({
    name: 'siyu_callbacks_done_total',
    help: 'Callbacks worked through, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  }),
  inboxWaiting: new Gauge({
    name: 'siyu_callback_inbox_waiting',
    help: 'Callbacks stored and not yet worked through',
    registers: [registry],
  }),
  welcomes: new Counter({
    name: 'siyu_welcomes_total',
    help: 'Welcome messages, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  }),
  welcomeSeconds: new Histogram({
    name: 'siyu_welcome_seconds',
    help: 'Time from the stored callback to the welcome accepted by WeCom',
    registers: [registry],
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 18],
  }),
  wecomCalls: new Counter({
    name: 'siyu_wecom_calls_total',
    help: 'Calls to WeCom, by API and errcode',
    labelNames: ['api', 'errcode'],
    registers: [registry],
  }),
  jobs: new Counter({
    name: 'siyu_jobs_total',
    help: 'Jobs run, by name and outcome',
    labelNames: ['name', 'outcome'],
    registers: [registry],
  }),
}
