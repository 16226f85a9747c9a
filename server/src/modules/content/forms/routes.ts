import type { FastifyReply } from 'fastify'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { drawQrPng } from '../../../platform/draw-qr.ts'
import { NotFound, Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import { sendAttachment, sendPicture, sendTable, TABLE_TYPES, type TableFormat } from '../../../platform/send-file.ts'
import { shanghaiDay } from '../../../platform/shanghai.ts'
import { askList, takeApprovedList, takeList } from '../../contacts/exports.ts'
import type { Actor, RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { eraseAnswer } from './erase-answer.ts'
import { writeAnswers, writeAnswersXlsx } from './export-answers.ts'
import { dropFiles, readAnswerFile } from './files.ts'
import { makeLinks } from './links.ts'
import { listForms, readForm } from './list-forms.ts'
import { countAnswers, listAnswers, readAnswer, revealAnswer } from './read-answers.ts'
import {
  AnswerFilter,
  AnswerPage,
  AnswerQuery,
  AnswerView,
  AskAnswers,
  Erasing,
  FormEdit,
  FormState,
  FormStats,
  FormSummary,
  FormView,
  NewForm,
  NewLinks,
} from './schema.ts'
import { listLinks, readStats } from './stats.ts'
import { createForm, publishForm, saveDraft, setOpen } from './write-form.ts'

const OfForm = z.object({ formId: Id })
const OfAnswer = z.object({ answerId: Id })
const DONE = { 204: z.null(), '4xx': Problem }
const QR_SIZE = 1_024

/** Forms in the console: what is asked, where it is given out, what came back. */
export function registerFormRoutes(app: App, deps: RouteDeps): void {
  registerForms(app, deps)
  registerLinks(app, deps)
  registerAnswers(app, deps)
  registerExports(app, deps)
}

function registerForms(app: App, { db, work }: RouteDeps): void {
  app.get('/api/forms', {
    config: { access: 'content.read' },
    schema: { operationId: 'listForms', response: { 200: z.object({ items: z.array(FormSummary) }), '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, async (tx) => ({ items: await listForms(tx, actor.corpId, actor.scope) })),
  })
  app.post('/api/forms', {
    config: { access: 'content.write' },
    schema: { operationId: 'createForm', body: NewForm, response: { 201: z.object({ formId: Id }), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const formId = await inCorp(db, actor.corpId, (tx) => createForm(tx, actor, body, work.clock.now()))
      return reply.code(201).send({ formId })
    },
  })
  app.get('/api/forms/:formId', {
    config: { access: 'content.read' },
    schema: { operationId: 'readForm', params: OfForm, response: { 200: FormView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readForm(tx, actor.corpId, params.formId, actor.scope)),
  })
  app.put('/api/forms/:formId', {
    config: { access: 'content.write' },
    schema: {
      operationId: 'saveForm',
      params: OfForm,
      body: FormEdit,
      response: { 200: z.object({ revision: z.number().int() }), '4xx': Problem },
    },
    handler: ({ actor, params, body }) =>
      inCorp(db, actor.corpId, (tx) => saveDraft(tx, actor, params.formId, body, work.clock.now())),
  })
  app.post('/api/forms/:formId/publish', {
    config: { access: 'content.write' },
    schema: {
      operationId: 'publishForm',
      params: OfForm,
      response: { 200: z.object({ version: z.number().int() }), '4xx': Problem },
    },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        version: await publishForm(tx, actor, params.formId, work.clock.now()),
      })),
  })
  app.put('/api/forms/:formId/state', {
    config: { access: 'content.write' },
    schema: { operationId: 'openForm', params: OfForm, body: FormState, response: DONE },
    async handler({ actor, params, body }, reply) {
      await inCorp(db, actor.corpId, (tx) => setOpen(tx, actor, params.formId, body.open, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.get('/api/forms/:formId/stats', {
    config: { access: 'content.read' },
    schema: { operationId: 'readFormStats', params: OfForm, response: { 200: FormStats, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, async (tx) => {
        await readForm(tx, actor.corpId, params.formId, actor.scope)
        return readStats(tx, work, actor.corpId, params.formId, actor.scope)
      }),
  })
}

function registerLinks(app: App, { db, work }: RouteDeps): void {
  app.post('/api/forms/:formId/links', {
    config: { access: 'content.write' },
    schema: {
      operationId: 'makeFormLinks',
      params: OfForm,
      body: NewLinks,
      response: { 201: z.object({ made: z.number().int() }), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const now = work.clock.now()
      const made = await inCorp(db, actor.corpId, async (tx) => {
        const n = await makeLinks(tx, work.vault, actor.corpId, params.formId, body, now)
        const detail = { placement: body.placement, staffIds: body.staffIds, made: n }
        await recordAudit(tx, actor, { action: 'form.link', kind: 'form', id: params.formId, detail, at: now })
        return n
      })
      return reply.code(201).send({ made })
    },
  })
  app.get('/api/forms/:formId/links/:linkId/qr.png', {
    config: { access: 'content.read' },
    schema: { operationId: 'readFormQr', params: OfForm.extend({ linkId: Id }), response: { '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const links = await inCorp(db, actor.corpId, (tx) =>
        listLinks(tx, work, actor.corpId, params.formId, actor.scope),
      )
      const link = links.find(({ linkId }) => linkId === params.linkId)
      if (!link) throw new NotFound({ what: '链接' })
      const name = `${[link.placement, link.staffName].filter(Boolean).join('-')}.png`
      return sendPicture(reply, 'image/png', name, await drawQrPng(link.url, { size: QR_SIZE, logo: true }))
    },
  })
}

function registerAnswers(app: App, { db, work }: RouteDeps): void {
  app.get('/api/forms/:formId/answers', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'listFormAnswers',
      params: OfForm,
      querystring: AnswerQuery,
      response: { 200: AnswerPage, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        await readForm(tx, actor.corpId, params.formId, actor.scope)
        return listAnswers(tx, work.vault, actor.corpId, params.formId, query, actor.scope)
      }),
  })
  app.get('/api/form-answers/:answerId', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readFormAnswer', params: OfAnswer, response: { 200: AnswerView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readAnswer(tx, work.vault, actor.corpId, params.answerId, actor.scope)),
  })
  app.post('/api/form-answers/:answerId/erasure', {
    config: { access: 'content.write' },
    schema: { operationId: 'eraseFormAnswer', params: OfAnswer, body: Erasing, response: DONE },
    async handler({ actor, params: { answerId }, body }, reply) {
      const { corpId } = actor
      const fileIds = await inCorp(db, corpId, (tx) => eraseAnswer(tx, actor, answerId, body, work.clock.now()))
      await dropFiles(work.dataDir, corpId, fileIds)
      return reply.code(204).send(null)
    },
  })
  app.post('/api/form-answers/:answerId/reveal', {
    config: { access: 'contacts.reveal' },
    schema: {
      operationId: 'revealFormAnswer',
      params: OfAnswer,
      response: { 200: z.object({ values: z.record(z.string(), z.string()) }), '4xx': Problem },
    },
    handler: ({ actor, params: { answerId } }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const shown = await revealAnswer(tx, work.vault, actor.corpId, answerId, actor.scope)
        const detail = { fields: Object.keys(shown.values) }
        await recordAudit(tx, actor, {
          action: 'form.reveal',
          kind: 'form_answer',
          id: answerId,
          detail,
          at: work.clock.now(),
        })
        return shown
      }),
  })
  app.get('/api/form-answers/:answerId/files/:fileId', {
    config: { access: 'contacts.reveal' },
    schema: {
      operationId: 'readFormFile',
      params: OfAnswer.extend({ fileId: z.uuid() }),
      response: { '4xx': Problem },
    },
    async handler({ actor, params }, reply) {
      const file = await inCorp(db, actor.corpId, async (tx) => {
        await readAnswer(tx, work.vault, actor.corpId, params.answerId, actor.scope)
        const found = await readAnswerFile(tx, work, actor.corpId, params)
        const detail = { fileId: params.fileId }
        await recordAudit(tx, actor, {
          action: 'form.file',
          kind: 'form_answer',
          id: params.answerId,
          detail,
          at: work.clock.now(),
        })
        return found
      })
      const ending = file.mime === 'application/pdf' ? 'pdf' : file.mime === 'image/png' ? 'png' : 'jpg'
      return sendAttachment(reply, file.mime, `附件-${params.answerId}.${ending}`, file.bytes)
    },
  })
}

const EXPORTS = { csv: 'exportFormAnswers', xlsx: 'exportFormAnswersXlsx' } as const

function registerExports(app: App, { db, work }: RouteDeps): void {
  const send = (
    reply: FastifyReply,
    { corpId, scope }: Actor,
    format: TableFormat,
    of: Parameters<typeof writeAnswers>[3],
  ) => {
    const write = format === 'csv' ? writeAnswers : writeAnswersXlsx
    const name = `form-answers-${shanghaiDay(work.clock.now())}`
    return sendTable(reply, format, name, write(db, work.vault, corpId, of, scope))
  }
  for (const format of ['csv', 'xlsx'] as const)
    app.get(`/api/forms/:formId/answers.${format}`, {
      config: { access: 'contacts.export', stepUp: true },
      schema: {
        operationId: EXPORTS[format],
        params: OfForm,
        querystring: AnswerFilter,
        produces: [TABLE_TYPES[format].type],
        response: { '4xx': Problem },
      },
      async handler({ actor, params: { formId }, query }, reply) {
        const { mark, fields } = await inCorp(db, actor.corpId, async (tx) => {
          await readForm(tx, actor.corpId, formId, actor.scope)
          const customers = await countAnswers(tx, actor.corpId, formId, query, actor.scope)
          const taken = await takeList(tx, actor, { filter: query, format, customers, formId }, work.clock.now())
          return { ...taken, fields: await readHeadings(tx, actor.corpId, formId) }
        })
        return send(reply, actor, format, { formId, ...query, fields, mark })
      },
    })
  app.post('/api/forms/:formId/exports', {
    config: { access: 'contacts.export', stepUp: true },
    schema: {
      operationId: 'askFormExport',
      params: OfForm,
      body: AskAnswers,
      response: { 201: z.object({ contactExportId: Id }), '4xx': Problem },
    },
    async handler({ actor, params: { formId }, body: { reason, format, ...filter } }, reply) {
      const contactExportId = await inCorp(db, actor.corpId, async (tx) => {
        await readForm(tx, actor.corpId, formId, actor.scope)
        const customers = await countAnswers(tx, actor.corpId, formId, filter, actor.scope)
        return askList(tx, actor, { filter, format, customers, formId }, reason, work.clock.now())
      })
      return reply.code(201).send({ contactExportId })
    },
  })
  app.get('/api/form-exports/:contactExportId/file', {
    config: { access: 'contacts.export', stepUp: true },
    schema: {
      operationId: 'takeFormExport',
      params: z.object({ contactExportId: Id }),
      response: { '4xx': Problem },
    },
    async handler({ actor, params }, reply) {
      const { format, ...rest } = await inCorp(db, actor.corpId, async (tx) => {
        const taken = await takeApprovedList(
          tx,
          actor,
          params.contactExportId,
          ({ filter, formId }) =>
            formId === null
              ? undefined
              : countAnswers(tx, actor.corpId, formId, AnswerFilter.parse(filter), actor.scope),
          work.clock.now(),
        )
        const { mark, formId, filter } = taken
        const fields = await readHeadings(tx, actor.corpId, formId!)
        return { format: taken.format, mark, formId: formId!, fields, ...AnswerFilter.parse(filter) }
      })
      return send(reply, actor, format, rest)
    },
  })
}

/** Every field any version ever asked, under its newest words. */
async function readHeadings(tx: Tx, corpId: string, formId: string): Promise<{ key: string; label: string }[]> {
  const { rows } = await sql<{ key: string; label: string }>`
    select distinct on (x->>'key') x->>'key' as key, x->>'label' as label
    from form_version v, jsonb_array_elements(v.content->'fields') x where v.corp_id = ${corpId}::bigint and v.form_id = ${formId}::bigint
    order by x->>'key', v.version desc`.execute(tx)
  return rows
}
