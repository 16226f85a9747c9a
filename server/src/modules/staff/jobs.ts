import { WecomError } from '@siyu/wecom/errors'
import { z } from 'zod'
import { Id } from '../../platform/id.ts'
import { defineJob } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { syncAddressBook } from './directory.ts'

export const syncAddressBookJob = defineJob<WorkContext, { corpId: string }>({
  name: 'staff.sync-address-book',
  payload: z.object({ corpId: Id }),
  async run(context, { corpId }) {
    try {
      await syncAddressBook(context, corpId)
      await context.health.resolve(corpId, 'address_book')
    } catch (error) {
      if (error instanceof WecomError) {
        await context.health.failure(corpId, 'address_book', {
          cause: `wecom.${error.errcode}`,
          subject: 'address_book',
          detail: { api: error.api, errcode: error.errcode, reason: error.errmsg.slice(0, 300) },
          replay: { job: 'staff.sync-address-book', payload: { corpId } },
        })
      }
      throw error
    }
  },
})

export const jobs = [syncAddressBookJob]
