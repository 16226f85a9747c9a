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

/** `afterwards`: what rooms above do once the address book is ours again. */
export const makeStaffJobs = (afterwards: (context: WorkContext, corpId: string) => Promise<void>) => [
  {
    ...syncAddressBookJob,
    async run(context: WorkContext, { corpId }: { corpId: string }) {
      await syncAddressBook(context, corpId)
      await afterwards(context, corpId)
    },
  },
]
