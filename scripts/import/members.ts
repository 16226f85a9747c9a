import { readFileSync } from 'node:fs'
import { ImportRefused } from './sender.ts'

/** Which customer of WeCom a member number is; who knows that is the shop's own member system. */
export type Members = AsyncIterable<{ member: string; externalUserid: string }>

interface SimulatedCorp {
  corpid: string
  key: string
}

/** The company `npm run sim -- load` made of the same file; the simulator stands for its member system. */
export async function findLoadedCorp(simulatorUrl: string, name: string): Promise<string> {
  const reply = await fetch(`${simulatorUrl}/control/corps`).catch(() => undefined)
  const { corps } = ((await reply?.json()) ?? { corps: [] }) as { corps: SimulatedCorp[] }
  const corp = corps.find(({ key }) => key === `load:${name}`)
  if (!corp)
    throw new ImportRefused(
      `模拟器 ${simulatorUrl} 里没有「${name}」这家企业。请先运行 npm run sim -- load 同一个文件；不用模拟器就带上 --members 会员对照表.csv。`,
    )
  return corp.corpid
}

export async function* readSimulatedMembers(simulatorUrl: string, corpid: string): Members {
  let cursor: number | undefined = 0
  while (cursor !== undefined) {
    const reply = await fetch(`${simulatorUrl}/control/corps/${corpid}/customers?limit=500&cursor=${cursor}`)
    const { customers, nextCursor } = (await reply.json()) as {
      customers: { memberNumber?: string; externalUserid: string }[]
      nextCursor?: number
    }
    for (const { memberNumber: member, externalUserid } of customers) if (member) yield { member, externalUserid }
    cursor = nextCursor
  }
}

/** A file of `member number,external_userid` lines. */
export async function* readMemberTable(path: string): Members {
  for (const line of readFileSync(path, 'utf8').split(/\r?\n/)) {
    const [, member, externalUserid] = /^"?([^",]+)"?,"?(w[mo][\w-]+)"?$/.exec(line) ?? []
    if (member && externalUserid) yield { member, externalUserid }
  }
}
