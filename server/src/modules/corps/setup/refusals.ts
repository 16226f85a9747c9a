import { explainErrcode, LocalCode, WecomError } from '@siyu/wecom/errors'
import type { DomainError } from '../../../platform/errors.ts'
import {
  AgentNotOfApp,
  AppDisabled,
  CertificateRefused,
  CorpidUnknown,
  CredentialsRefused,
  IpNotTrusted,
  PermissionMissing,
  SecretWrong,
  WecomSlow,
  WecomUnreachable,
} from '../errors.ts'
import type { Refusal } from '../schema.ts'

const BY_CODE: Readonly<Record<number, Refusal>> = {
  40001: 'secret',
  40013: 'corpid',
  41004: 'secret',
  40056: 'agent',
  301002: 'agent',
  50003: 'disabled',
  48006: 'disabled',
  60020: 'ip',
  48001: 'permission',
  48002: 'permission',
  48004: 'permission',
  60011: 'range',
  60021: 'range',
  60030: 'range',
  50002: 'range',
  84074: 'contact_range',
  [-1]: 'busy',
  45009: 'busy',
  45033: 'busy',
  [LocalCode.heldBack]: 'busy',
  [LocalCode.dns]: 'network',
  [LocalCode.unreachable]: 'network',
  [LocalCode.reset]: 'network',
  [LocalCode.tls]: 'tls',
  [LocalCode.timeout]: 'timeout',
  [LocalCode.notUnderstood]: 'stranger',
  [LocalCode.httpStatus]: 'stranger',
  [LocalCode.tooLarge]: 'stranger',
}

/** What is wrong, in the few kinds a person mends differently. */
export function refusalOf({ api, errcode }: Pick<WecomError, 'api' | 'errcode'>): Refusal {
  const refusal = BY_CODE[errcode] ?? 'unclear'
  // An app outside of whose range the app itself stands is another app (path/90227, 2026-11).
  return refusal === 'range' && api === 'agent/get' ? 'agent' : refusal
}

/** Kinds that stop every call of the corp, whatever it is for. */
export const STOPS_ALL: ReadonlySet<Refusal> = new Set([
  'corpid',
  'secret',
  'disabled',
  'ip',
  'network',
  'tls',
  'timeout',
  'busy',
  'stranger',
])

/** The same as an answer to whoever typed the credentials. */
export function problemOf(error: WecomError): DomainError {
  switch (refusalOf(error)) {
    case 'corpid':
      return new CorpidUnknown()
    case 'secret':
      return new SecretWrong()
    case 'agent':
      return new AgentNotOfApp()
    case 'disabled':
      return new AppDisabled()
    case 'ip':
      return new IpNotTrusted({ ip: error.callerIp })
    case 'permission':
      return new PermissionMissing()
    case 'tls':
      return new CertificateRefused()
    case 'timeout':
      return new WecomSlow()
    case 'network':
    case 'stranger':
    case 'busy':
      return new WecomUnreachable({ reason: explainErrcode(error.errcode).meaningZh })
    default: {
      const { meaningZh, adviceZh } = explainErrcode(error.errcode)
      return new CredentialsRefused({ meaning: meaningZh, advice: adviceZh })
    }
  }
}

/** Passes on what WeCom refused in words; everything else is a bug and stays one. */
export function asProblem(error: unknown): unknown {
  return error instanceof WecomError ? problemOf(error) : error
}
