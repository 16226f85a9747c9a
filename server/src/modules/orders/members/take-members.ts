import type { Tx } from '../../../platform/db.ts'
import type { Vault } from '../../../platform/secrets.ts'
import type { Identifier } from '../../contacts/identifiers.ts'
import { MemberMalformed } from '../errors.ts'
import type { OrdersTaken } from '../schema.ts'
import { putMembers } from './put-members.ts'
import { type IncomingMember, NewMember } from './schema.ts'

/** Takes what a server of the corp sends: all that is right; the rest is named by its place and may be sent again once mended. */
export async function takeMembers(
  tx: Tx,
  corpId: string,
  vault: Vault,
  given: readonly unknown[],
  now: Date,
): Promise<OrdersTaken> {
  const members: IncomingMember[] = []
  const refused: OrdersTaken['refused'] = []
  given.forEach((one, index) => {
    const { data, error } = NewMember.safeParse(one)
    if (data) {
      members.push(readMember(data))
      return
    }
    const [issue] = error.issues
    const { code, message } = new MemberMalformed({ where: issue?.path.join('.') ?? '', why: issue?.message ?? '' })
    refused.push({ index, code, message })
  })
  const { created, updated, unchanged } = await putMembers(tx, corpId, vault, members, now)
  return { accepted: created + updated, created, unchanged, refused }
}

const readMember = ({ ids, ...member }: ReturnType<typeof NewMember.parse>): IncomingMember => ({
  ...member,
  joinedAt: member.joinedAt === null ? null : new Date(member.joinedAt),
  entries: member.entries.map((entry) => ({ ...entry, at: new Date(entry.at) })),
  updatedAt: new Date(member.updatedAt),
  identifiers: [
    { kind: 'member', value: member.memberNo, trust: 2 },
    ...Object.entries(ids).map(([kind, value]) => ({ kind, value, trust: 2 }) as Identifier),
  ],
})
