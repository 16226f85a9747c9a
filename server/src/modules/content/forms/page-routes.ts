import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { deviceOf, isPerson, knownDevice, signsInSilently } from '../../../platform/browser.ts'
import { drawQrPng } from '../../../platform/draw-qr.ts'
import { DomainError, Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { MobilePages } from '../../../platform/mobile-pages.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { sendToSignIn } from '../../staff/mobile/pages.ts'
import { UploadRefused } from './errors.ts'
import { FILE_BYTES_MAX, takeFile } from './files.ts'
import { findLink, type OpenedLink } from './links.ts'
import { noteVisit } from './note-visit.ts'
import { FormToken, SealedVisit, Submission, Thanks } from './schema.ts'
import { refuseLate, takeAnswer } from './take-answer.ts'
import { readCode, readThanks } from './thanks.ts'
import { newVisit, openVisit, refuseQuick, sealVisit, type Visit } from './visit.ts'
import type { Filler } from './who.ts'

/** Whole towns come from one address of a phone network. */
const RATE = { rateLimit: { max: 6_000, timeWindow: '1 minute' } }
const QR_SIZE = 528

/** What customers open, and what their pages send: public. Nothing personal stands in an address (PB-11). */
export function registerFormPage(app: App, deps: RouteDeps & { pages: MobilePages }): void {
  const { db, work, pages, demo } = deps
  app.get(
    '/f/:token',
    {
      config: { access: 'public', ...RATE },
      schema: {
        hide: true,
        params: z.object({ token: z.string().max(60) }),
        querystring: z.object({ in: z.literal('1').optional() }),
      },
    },
    async (request, reply) => {
      const { token } = request.params
      const link = FormToken.safeParse(token).success ? await findLink(db, token) : undefined
      reply.header('referrer-policy', 'no-referrer').header('x-robots-tag', 'noindex, nofollow')
      if (!link) return pages.send(request, reply.code(404), 'form', { is: 'gone' })
      const visitor = request.visitor?.corpId === link.corpId ? request.visitor : undefined
      if (!visitor && request.query.in !== '1' && link.wecomCorpid && signsInSilently(request, demo))
        return sendToSignIn({ work, db }, reply, {
          wecomCorpid: link.wecomCorpid,
          kind: 'customer',
          target: `/f/${token}?in=1`,
        })
      const shut = whyShut(link, work.clock.now())
      if (shut)
        return pages.send(request, reply, 'form', {
          is: 'shut',
          corp: link.corpName,
          title: link.content.title,
          why: shut,
        })
      const visit = newVisit(link, Date.now())
      return pages.send(request, reply, 'form', {
        is: 'form',
        corp: link.corpName,
        staff: link.staffName,
        form: shownOf(link),
        visit: sealVisit(work.vault, visit, deviceOf(request, reply)),
        preview: Boolean(visitor?.staffId),
      })
    },
  )
  // What the console frames to show a form while it is made; it holds nothing but what the console puts in.
  app.get('/m/form', { config: { access: 'public' }, schema: { hide: true } }, (request, reply) =>
    pages.send(request, reply, 'form', { is: 'draft' }),
  )
  app.get(
    '/f/:token/qr.png',
    { config: { access: 'public', ...RATE }, schema: { hide: true, params: z.object({ token: FormToken }) } },
    async (request, reply) => {
      const link = await findLink(db, request.params.token)
      const code = link && (await readCode(db, link))
      if (!code) return reply.code(404).send('')
      return reply
        .type('image/png')
        .header('cache-control', 'private, max-age=300')
        .header('x-content-type-options', 'nosniff')
        .send(await drawQrPng(code.content, { size: QR_SIZE, logo: true }))
    },
  )
  registerPosts(app, deps)
  registerUpload(app, deps)
}

function registerPosts(app: App, { db, work }: RouteDeps): void {
  app.post('/api/m/forms/visits', {
    config: { access: 'public', ...RATE },
    schema: {
      operationId: 'tellFormVisit',
      body: z.object({ visit: SealedVisit, what: z.enum(['opened', 'started']) }),
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler(request, reply) {
      const visit = visitOf(request, work.vault, request.body.visit)
      if (isPerson(request) && !isColleague(request, visit))
        await noteVisit({ ...work, db }, visit, fillerOf(request, visit), request.body.what, Date.now())
      return reply.code(204).send(null)
    },
  })
  app.post('/api/m/forms/answers', {
    config: { access: 'public', ...RATE },
    schema: { operationId: 'submitForm', body: Submission, response: { 200: Thanks, '4xx': Problem } },
    async handler(request) {
      const { visit: sealed, website, ...given } = request.body
      const visit = visitOf(request, work.vault, sealed)
      refuseQuick(visit, Date.now())
      // A machine that fills in what nobody sees is thanked like everybody, and kept nowhere. A colleague only has a look.
      const isKept = website === '' && !isColleague(request, visit)
      if (isKept) await takeAnswer({ ...work, db }, visit, fillerOf(request, visit), given, Date.now())
      return readThanks({ ...work, db }, visit, fillerOf(request, visit).externalUserid)
    },
  })
}

function registerUpload(app: App, { db, work }: RouteDeps): void {
  void app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ['image/png', 'image/jpeg', 'application/pdf', 'application/octet-stream'],
      { parseAs: 'buffer', bodyLimit: FILE_BYTES_MAX },
      (_request, body, parsed) => parsed(null, body),
    )
    scope.post('/api/m/forms/files', {
      config: { access: 'public', ...RATE },
      bodyLimit: FILE_BYTES_MAX,
      schema: {
        operationId: 'uploadFormFile',
        headers: z.object({ 'x-form-visit': SealedVisit, 'x-form-field': z.string().regex(/^[a-z][a-z0-9_]{0,19}$/) }),
        consumes: ['image/png', 'image/jpeg', 'application/pdf'],
        response: { 201: z.object({ fileId: z.uuid() }), '4xx': Problem },
      },
      async handler(request, reply) {
        const { 'x-form-visit': sealed, 'x-form-field': field } = request.headers
        const visit = visitOf(request, work.vault, sealed)
        const { body } = request
        if (!Buffer.isBuffer(body)) throw new UploadRefused({ why: '它是空的' })
        const taken = await takeFile(
          { ...work, db },
          visit,
          fillerOf(request, visit),
          { field, bytes: body },
          Date.now(),
        )
        return reply.code(201).send(taken)
      },
    })
    done()
  })
}

/** What the page draws: nothing of where answers go, nor of who is told. */
const shownOf = ({ content: { title, intro, action, fields, consents, privacy } }: OpenedLink) => ({
  title,
  intro,
  action,
  privacy,
  fields: fields.map(({ key, kind, label, hint, required, options, min, max, when }) => ({
    key,
    kind,
    label,
    hint,
    required,
    options,
    min,
    max,
    when,
  })),
  consents: consents.map(({ purpose, text }) => ({ purpose, text })),
})

/** In the words of the refusal that sending it would meet. */
function whyShut(link: OpenedLink, now: Date): string | undefined {
  try {
    refuseLate(link, now)
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.message
    throw error
  }
}

const visitOf = (request: FastifyRequest, vault: RouteDeps['work']['vault'], sealed: string): Visit =>
  openVisit(vault, sealed, knownDevice(request), Date.now())

function fillerOf(request: FastifyRequest, { corpId }: Visit): Filler {
  const visitor = request.visitor?.corpId === corpId ? request.visitor : undefined
  const { openid = null, externalUserid = null } = visitor ?? {}
  return { device: knownDevice(request) ?? '', ip: request.ip, openid, externalUserid }
}

/** A member who looks at what he gives to customers. */
const isColleague = (request: FastifyRequest, { corpId }: Visit): boolean =>
  request.visitor?.corpId === corpId && request.visitor.staffId !== null
