import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { API_PATHS } from '../api/dispatch.ts'
import type { Platform } from '../api/endpoint.ts'
import { CLOCK_SPEEDS } from '../clock.ts'
import { API_FAULTS, CALLBACK_FAULTS, FAULT_LABELS, type FaultKind } from '../faults.ts'

/** A century: whoever jumps further has mistyped. */
const JUMP_SECONDS_MAX = 100 * 365 * 24 * 3600

const ClockBody = z.strictObject({
  speed: z
    .number()
    .refine((speed) => CLOCK_SPEEDS.includes(speed), `speed is one of ${CLOCK_SPEEDS.join(', ')}`)
    .optional(),
  paused: z.boolean().optional(),
  jumpSeconds: z.number().min(0).max(JUMP_SECONDS_MAX).optional(),
})

const shared = {
  match: z.string().min(1).optional(),
  corpid: z.string().optional(),
  probability: z.number().min(0).max(1).optional(),
  every: z.int().min(1).optional(),
  count: z.int().min(1).optional(),
  ms: z.int().min(0).max(600_000).optional(),
}
const FaultsBody = z.strictObject({
  seed: z.int().optional(),
  rules: z
    .array(
      z.discriminatedUnion('where', [
        z.strictObject({ where: z.literal('api'), kind: z.enum(API_FAULTS as [FaultKind]), ...shared }),
        z.strictObject({ where: z.literal('callback'), kind: z.enum(CALLBACK_FAULTS as [FaultKind]), ...shared }),
      ]),
    )
    .max(100),
})

export function timeAndFaultRoutes(scope: FastifyInstance, { world, rates }: Platform): void {
  const { clock, faults } = world
  const clockView = () => ({
    virtualMs: Math.round(clock.virtualMs()),
    wireMs: Math.round(clock.wireMs()),
    speed: clock.speed,
    paused: clock.paused,
    speeds: CLOCK_SPEEDS,
  })
  const faultsView = () => ({
    seed: faults.seed,
    rules: faults.rules.map((rule, index) => ({
      ...rule,
      label: FAULT_LABELS[rule.kind],
      ...faults.tallies()[index]!,
    })),
    injected: world.wire.injected,
    kinds: FAULT_LABELS,
    apiPaths: API_PATHS,
  })

  scope.get('/clock', async () => clockView())
  scope.post('/clock', async (request) => {
    clock.set(ClockBody.parse(request.body))
    return clockView()
  })

  scope.get('/faults', async () => faultsView())
  scope.put('/faults', async (request) => {
    const { seed, rules } = FaultsBody.parse(request.body)
    if (seed !== undefined) faults.seed = seed
    faults.setRules(rules)
    world.saveFaults()
    return faultsView()
  })
  /** Counts start anew, by this seed; blocks left by injected 45009 end. */
  scope.post('/faults/reset', async (request) => {
    const { seed } = z.strictObject({ seed: z.int().default(faults.seed) }).parse(request.body ?? {})
    faults.reset(seed)
    rates.clear()
    world.saveFaults()
    return faultsView()
  })
}
