import { connect, type Socket } from 'node:net'
import { percentile } from './bench.ts'

/** Requests as bytes, ready to be written. */
export interface Requests {
  length: number
  at(index: number): Buffer
}

/** Lays the requests into a few large buffers: hundreds of thousands of small ones would have the generator collect garbage while it measures. */
export function packRequests(count: number, make: (index: number) => string): Requests {
  const CHUNK = 10_000
  const chunks: { bytes: Buffer; ends: Uint32Array }[] = []
  for (let from = 0; from < count; from += CHUNK) {
    const texts = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => make(from + i))
    let end = 0
    chunks.push({
      ends: Uint32Array.from(texts, (text) => (end += Buffer.byteLength(text))),
      bytes: Buffer.from(texts.join('')),
    })
  }
  return {
    length: count,
    at(index) {
      const { bytes, ends } = chunks[Math.floor(index / CHUNK)]!
      return bytes.subarray(ends[(index % CHUNK) - 1] ?? 0, ends[index % CHUNK])
    },
  }
}

export interface Load {
  port: number
  connections: number
  /** Requests to send, used round and round. */
  requests: Requests
  seconds: number
  /** Requests a second, spread evenly (open loop: a late answer does not hold the next request back). Without it: as fast as answers come. */
  rate?: number
  from?: number
  /** Ends once so many were sent. */
  count?: number
  /** The answer that is looked for; 200 unless given. */
  status?: number
}

export interface Measured {
  answered: number
  perSecond: number
  failed: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  used: number
}

/**
 * A load generator on bare sockets, so that on two shared cores it takes as little as possible from what it measures.
 * Latency in the open loop counts from when the request was due, not from when it was sent.
 */
export async function drive(load: Load): Promise<Measured> {
  const latencies: number[] = []
  let failed = 0
  let next = load.from ?? 0
  const start = performance.now()
  const end = start + load.seconds * 1000
  const due = (n: number) => (load.rate ? start + (n * 1000) / load.rate : performance.now())
  const most = load.count ?? (load.rate ? load.rate * load.seconds : Infinity)
  let sent = 0

  const connection = () =>
    new Promise<void>((done, failedToConnect) => {
      const socket: Socket = connect(load.port, '127.0.0.1')
      socket.setNoDelay(true)
      let since = 0
      let got = ''
      const send = () => {
        const now = performance.now()
        if (now >= end || sent >= most) return void socket.end()
        since = due(sent)
        const wait = since - now
        sent++
        const write = () => {
          if (!load.rate) since = performance.now()
          socket.write(load.requests.at(next++ % load.requests.length))
        }
        if (wait > 1) setTimeout(write, wait)
        else write()
      }
      socket.on('connect', send)
      socket.on('data', (chunk) => {
        got += chunk.toString('latin1')
        const head = got.indexOf('\r\n\r\n')
        if (head < 0) return
        const length = Number(/content-length: (\d+)/i.exec(got)?.[1] ?? 0)
        if (got.length < head + 4 + length) return
        if (!got.startsWith(`HTTP/1.1 ${load.status ?? 200}`)) failed++
        latencies.push(performance.now() - since)
        got = ''
        send()
      })
      socket.on('close', () => done())
      socket.on('error', failedToConnect)
    })
  await Promise.all(Array.from({ length: load.connections }, connection))
  const seconds = (performance.now() - start) / 1000
  const sorted = Float64Array.from(latencies).sort()
  return {
    answered: latencies.length,
    perSecond: latencies.length / seconds,
    failed,
    used: next,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? 0,
  }
}
