import { z } from 'zod'
import { Id } from '../../platform/id.ts'
import { defineJob } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { SYNC_ADDRESS_BOOK, syncAddressBook } from './directory.ts'

export const syncAddressBookJob = defineJob<WorkContext, { corpId: string }>({
  name: SYNC_ADDRESS_BOOK,
  payload: z.object({ corpId: Id }),
  async run(context, { corpId }) {
    await syncAddressBook(context, corpId)
  },
})

export const jobs = [syncAddressBookJob]
