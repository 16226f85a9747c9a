import type { CorpView, CustomerDetail } from '../control-api.ts'

/** The company's online shop as it opens on this customer's phone. */
export const shopUrl = (corp: CorpView, { externalUserid }: CustomerDetail) =>
  `/shop/enter?${new URLSearchParams({ corpid: corp.corpid, who: externalUserid })}`
