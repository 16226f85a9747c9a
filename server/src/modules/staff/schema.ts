import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { CorpSummary } from '../corps/schema.ts'

export const ROLES = ['owner', 'admin', 'operator', 'manager', 'staff', 'auditor'] as const
export type BuiltInRole = (typeof ROLES)[number]
/** `custom`: a role of the corp's own, told apart by its id. */
export const Role = z.enum([...ROLES, 'custom'])
export type Role = z.infer<typeof Role>

/** Whose customers somebody sees: the corp's; of departments with all below them; of departments alone; his own. */
export const ScopeKind = z.enum(['all', 'tree', 'departments', 'own'])
export type ScopeKind = z.infer<typeof ScopeKind>

/** Of the authenticator, or a recovery code. */
const Code = Text.trim().min(6).max(20)
export const SignIn = z.object({
  login: Text.trim().min(1).max(64),
  password: Text.min(1).max(200),
  code: Code.optional(),
})
export const StepUp = z.object({ password: Text.min(1).max(200), code: Code.optional() })
export const TotpBegun = z.object({ secret: z.string(), svg: z.string() })
export const TotpCode = z.object({ code: Code })
export const TotpConfirmed = z.object({ recoveryCodes: z.array(z.string()) })
export const Factors = z.object({ hasPassword: z.boolean(), totp: z.boolean(), recoveryLeft: z.number().int() })

/** Who is signed in, what he may do here, and where else he may go. */
export const Session = z.object({
  accountId: Id,
  name: z.string(),
  role: Role,
  /** Of a role of the corp's own. */
  roleName: z.string().nullable(),
  permissions: z.array(z.string()),
  staffId: Id.nullable(),
  /** As whom he looks; all above but the name is then the other's, and nothing can be changed. */
  viewing: z.object({ staffId: Id, name: z.string() }).nullable(),
  /** He has to set up a second factor before anything else. */
  factorMissing: z.boolean(),
  corp: CorpSummary,
  corps: z.array(CorpSummary),
})
export type Session = z.infer<typeof Session>

/** What the sign-in page offers before anybody is known. */
export const SignInOptions = z.object({
  corps: z.array(CorpSummary),
  demo: z.boolean(),
  login: z.string().nullable(),
})

/** Characters. NIST SP 800-63B asks for 8 and no rules of composition (read 2026-11); ours is what SIYU_ADMIN_PASSWORD must have. */
const PASSWORD_MIN = 10

export const ChangePassword = z.object({
  current: Text.min(1).max(200),
  next: Text.min(PASSWORD_MIN).max(200),
})

/** How long a session lives unused and at most, and whether those who may do much need a second factor beside a password. */
export const SignInRules = z.object({
  idleMinutes: z.number().int().min(5).max(480),
  absoluteHours: z.number().int().min(1).max(72),
  secondFactor: z.boolean(),
})

export const SwitchCorp = z.object({ corpId: Id })

export const OwnSession = z.object({
  sessionKey: z.string(),
  current: z.boolean(),
  createdAt: Instant,
  seenAt: Instant,
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
})

export const DepartmentView = z.object({
  departmentId: Id,
  name: z.string(),
  parentId: Id.nullable(),
  staffCount: z.number().int(),
})
export const StaffView = z.object({
  staffId: Id,
  userid: z.string(),
  name: z.string(),
  avatar: z.string().nullable(),
  position: z.string().nullable(),
  status: z.number().int(),
  follows: z.boolean(),
  leftAt: Instant.nullable(),
  departments: z.array(z.object({ departmentId: Id, name: z.string() })),
  customers: z.number().int(),
  /** Null: has never signed in and was given none; his first sign-in makes him `staff`. */
  role: Role.nullable(),
  roleId: Id.nullable(),
  roleName: z.string().nullable(),
  /** Null: as his role has it. */
  scopeKind: ScopeKind.nullable(),
  scopeDepartments: z.array(Id),
})
export type StaffView = z.infer<typeof StaffView>
const Paged = z.object({ cursor: Id.optional(), limit: z.coerce.number().int().min(1).max(200).default(100) })
export const StaffQuery = Paged.extend({ q: Text.trim().max(64).optional(), departmentId: Id.optional() })

const DEPARTMENTS_MAX = 100
/** A member's role and whose customers he sees. `scopeKind` null: as the role has it. */
export const SetAccess = z
  .object({
    role: Role,
    roleId: Id.nullable().default(null),
    scopeKind: ScopeKind.nullable().default(null),
    /** For `departments` at least one; for `tree` none means his own. */
    scopeDepartments: z.array(Id).max(DEPARTMENTS_MAX).default([]),
  })
  .refine((given) => (given.role === 'custom') === (given.roleId !== null), {
    message: '自定义角色要说明是哪一个',
    path: ['roleId'],
  })
  .refine((given) => given.scopeKind !== 'departments' || given.scopeDepartments.length > 0, {
    message: '至少选一个部门',
    path: ['scopeDepartments'],
  })
export type SetAccess = z.infer<typeof SetAccess>

export const NewRole = z.object({
  name: Text.trim().min(1).max(20),
  permissions: z.array(Text.max(40)).max(40),
  scopeKind: ScopeKind.exclude(['departments']).default('own'),
})
export type NewRole = z.infer<typeof NewRole>
export const RoleView = z.object({
  role: Role,
  /** Null: built in. */
  roleId: Id.nullable(),
  name: z.string().nullable(),
  permissions: z.array(z.string()),
  scopeKind: ScopeKind,
  members: z.number().int(),
})
export const RoleList = z.object({
  roles: z.array(RoleView),
  /** Every word a role may hold, in the order to show them. */
  permissions: z.array(z.string()),
})
export const StaffList = z.object({ items: z.array(StaffView), nextCursor: z.string().nullable() })

export const AuditQuery = z.object({
  before: Id.optional(),
  action: Text.max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export const AuditLine = z.object({
  auditId: Id,
  at: Instant,
  actor: z.string(),
  action: z.string(),
  objectKind: z.string(),
  objectId: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  ip: z.string().nullable(),
  requestId: z.string().nullable(),
})
export const AuditPage = z.object({ items: z.array(AuditLine), nextCursor: z.string().nullable() })

/** What a check of the whole log found. */
export const AuditVerdict = z.object({
  lines: z.number().int(),
  /** The first line that is not as it was written, or does not follow the one before. */
  brokenAt: z.number().int().nullable(),
  /** Every line is right, and the last ones are missing. */
  cutOff: z.boolean(),
})
export type AuditVerdict = z.infer<typeof AuditVerdict>

/** Which corp a page is of, as its address says. */
export const WecomCorpid = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/)
